namespace Puppylog.Storage.Embedded;

/// <summary>Times of records before and after a commit, in nanoseconds since 1970 UTC; none where there are no such records.</summary>
/// <param name="NewestBefore">The newest one up to it.</param>
/// <param name="OldestAfter">The oldest one after it.</param>
/// <param name="NewestAfter">The newest one after it.</param>
/// <param name="NewestNear">The newest one after it that a clock which is right can have made.</param>
sealed record CommittedTimes(long? NewestBefore, long? OldestAfter, long? NewestAfter, long? NewestNear);
