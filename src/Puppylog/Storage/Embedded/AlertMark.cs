namespace Puppylog.Storage.Embedded;

/// <summary>How far alerts were evaluated.</summary>
/// <param name="Second">Since 1970 UTC.</param>
/// <param name="WasLive">Whether that was the time of live records.</param>
/// <param name="Commit">The last commit that was heard of.</param>
readonly record struct AlertMark(long Second, bool WasLive, long Commit);
