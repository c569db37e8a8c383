namespace Puppylog.Storage.Embedded.Catalog;

/// <param name="Length">Bytes that count.</param>
/// <param name="State">What may still happen to it.</param>
/// <param name="Blocks">Blocks in it.</param>
readonly record struct RecordedSegment(long Length, SegmentState State, int Blocks);
