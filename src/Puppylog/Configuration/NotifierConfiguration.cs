using System.Collections.Immutable;
using Puppylog.Configuration.Yaml;

namespace Puppylog.Configuration;

/// <summary>Where notices go.</summary>
/// <param name="Name">The name that alerts use.</param>
/// <param name="Type">One of <see cref="Types"/>.</param>
/// <param name="Settings">Variables replaced, secrets apart.</param>
/// <param name="Secrets">Set as they are, or read from the files that <c>NAME_file</c> names.</param>
sealed record NotifierConfiguration(
    string Name, string Type, ImmutableArray<KeyValuePair<string, SettingNode>> Settings, ImmutableArray<KeyValuePair<string, Secret>> Secrets)
{
    public static ImmutableArray<string> Types { get; } = ["console", "file", "command", "webhook", "slack", "teams", "email", "alertmanager"];
}
