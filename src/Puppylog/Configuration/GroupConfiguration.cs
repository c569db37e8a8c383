namespace Puppylog.Configuration;

/// <summary>A named set of streams; stands in a query as <c>_group:NAME</c>.</summary>
/// <param name="Match">A stream selector: <c>{application_name="shop"}</c>.</param>
sealed record GroupConfiguration(string Name, string Match)
{
    /// <summary>The stream's field that a source's <c>group</c> sets.</summary>
    public const string Field = "group";

    /// <summary>With the streams of the sources that name it.</summary>
    public GroupConfiguration WithSources()
    {
        var match = Match.Trim()[1..^1].Trim();
        return this with { Match = $"{{{(match.Length > 0 ? $"{match} or " : "")}{Field}=\"{Name}\"}}" };
    }

    /// <summary>True for letters, digits, <c>_</c>, <c>-</c> and <c>.</c>: what needs no quotes in a query.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 100 && text[0] != '-' && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');
}
