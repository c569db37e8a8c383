namespace Puppylog.Configuration;

/// <summary>Who works by a configuration.</summary>
enum ConfigurationUse
{
    /// <summary>It may hold everything.</summary>
    Any,

    /// <summary>One that stores nothing itself.</summary>
    Agent,
}
