namespace Puppylog.Configuration.Yaml;

/// <summary>A part of a configuration file as it was written.</summary>
/// <param name="Place">Where it begins.</param>
abstract record SettingNode(Place Place)
{
    /// <summary>What it is, for messages: <c>a text</c>.</summary>
    public abstract string Kind { get; }
}
