namespace Puppylog.Storage.Embedded;

/// <summary>A named set of streams.</summary>
/// <param name="Name">As in <c>_group:NAME</c>.</param>
/// <param name="Match">The stream selector.</param>
/// <param name="IsConfigured">True where a configuration file names it.</param>
/// <param name="Created">Nanoseconds since 1970, UTC.</param>
sealed record StreamGroup(string Name, string Match, bool IsConfigured, long Created);
