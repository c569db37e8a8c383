namespace Puppylog.Storage.Embedded.Compaction;

/// <param name="SegmentsDone">Segments that are done with.</param>
/// <param name="Segments">Segments that are worth compacting.</param>
/// <param name="BytesDone">Bytes of those that are done with.</param>
/// <param name="Bytes">Bytes of all of them.</param>
readonly record struct CompactionProgress(long SegmentsDone, long Segments, long BytesDone, long Bytes);
