namespace Puppylog.Configuration.Yaml;

/// <param name="Place">Where it begins, quotes included.</param>
/// <param name="Value">The text, without quotes; variables are not replaced yet.</param>
/// <param name="Lead">Characters before the text itself (a quote) where it stands on one line as it is; null where places in it cannot be told.</param>
/// <param name="IsPlain">True for a text without quotes.</param>
sealed record TextNode(Place Place, string Value, int? Lead, bool IsPlain) : SettingNode(Place)
{
    public override string Kind => IsNothing ? "nothing" : $"'{(Value.Length > 60 ? Value[..60] + "…" : Value)}'";

    /// <summary>True where a key stands without a value.</summary>
    public bool IsNothing => IsPlain && Value is "" or "~" or "null";
}
