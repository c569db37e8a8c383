namespace Puppylog.Storage.Embedded;

/// <summary>A rule, a notifier or a silence as the store keeps it.</summary>
/// <param name="Number">Never used for another one.</param>
/// <param name="Kind">Which.</param>
/// <param name="Name">One of its kind.</param>
/// <param name="Definition">What it says; the store does not read it.</param>
/// <param name="IsConfigured">True where a configuration file names it.</param>
/// <param name="Created">When, in nanoseconds since 1970 UTC.</param>
/// <param name="Since">The commit before it.</param>
sealed record AlertItem(long Number, AlertItemKind Kind, string Name, string Definition, bool IsConfigured, long Created, long Since);
