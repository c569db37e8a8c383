namespace Puppylog.App.Api;

/// <param name="Records">Records in the store.</param>
/// <param name="Bytes">Bytes of their segments.</param>
/// <param name="LastCommit">The number of the last commit.</param>
sealed record StoredTotals(long Records, long Bytes, long LastCommit);
