namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>What compaction has done to a store so far.</summary>
/// <param name="LastTime">When it last replaced segments, nanoseconds since 1970 UTC; null for never.</param>
/// <param name="BlocksBefore">Blocks in the segments that were replaced.</param>
/// <param name="BlocksAfter">Blocks in those that took their place.</param>
/// <param name="BytesBefore">Bytes of the segments that were replaced.</param>
/// <param name="BytesAfter">Bytes of those that took their place.</param>
sealed record CompactionTotals(long? LastTime, long BlocksBefore, long BlocksAfter, long BytesBefore, long BytesAfter);
