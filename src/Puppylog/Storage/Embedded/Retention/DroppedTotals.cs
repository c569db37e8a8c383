namespace Puppylog.Storage.Embedded.Retention;

/// <summary>What retention has dropped from a store so far.</summary>
/// <param name="LastTime">When it last dropped something, nanoseconds since 1970 UTC; null for never.</param>
/// <param name="Segments">Segments.</param>
/// <param name="Records">Records in them.</param>
/// <param name="Bytes">Bytes of them.</param>
sealed record DroppedTotals(long? LastTime, long Segments, long Records, long Bytes);
