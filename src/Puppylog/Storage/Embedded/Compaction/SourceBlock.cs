using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>A block that is being compacted.</summary>
/// <param name="Frame">What its segment says of it.</param>
/// <param name="Metadata">What it consists of.</param>
/// <param name="Body">Its bytes; they hold until the next block is read.</param>
readonly record struct SourceBlock(FrameHeader Frame, CompactedMetadata Metadata, ReadOnlyMemory<byte> Body)
{
    public bool IsSmall =>
        !Metadata.IsFull && Frame.Records < CompactionPolicy.FullRecords && Frame.BodyLength < CompactionPolicy.FullBytes;
}
