namespace Puppylog.Storage.Embedded.Segments;

/// <summary>Where a block lies in its segment, and what a query must know before it opens it.</summary>
/// <param name="Offset">Where its frame begins.</param>
/// <param name="BodyOffset">Where its body begins.</param>
/// <param name="BodyLength">Bytes of the body, which is the frame's end.</param>
/// <param name="Commit">The commit that wrote it.</param>
/// <param name="Ordinal">Its place in the commit.</param>
/// <param name="Records">Records in it.</param>
/// <param name="MinTime">The earliest time, nanoseconds since 1970 UTC.</param>
/// <param name="MaxTime">The latest time.</param>
readonly record struct FrameEntry(
    long Offset, long BodyOffset, int BodyLength, long Commit, int Ordinal, int Records, long MinTime, long MaxTime);
