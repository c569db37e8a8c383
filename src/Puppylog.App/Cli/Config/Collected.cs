using Puppylog.Configuration;

namespace Puppylog.App.Cli.Config;

/// <summary>What is collected by a command that may have a configuration.</summary>
/// <param name="File">The configuration's file; null for none.</param>
/// <param name="Configuration">What it says.</param>
/// <param name="Reading">What options say.</param>
sealed record Collected(string? File, PuppylogConfiguration? Configuration, CollectSettings Reading);
