namespace Puppylog.Configuration.Yaml;

/// <param name="Key">The key.</param>
/// <param name="Place">Where the key stands.</param>
/// <param name="Value">What it is set to.</param>
sealed record MapEntry(string Key, Place Place, SettingNode Value);
