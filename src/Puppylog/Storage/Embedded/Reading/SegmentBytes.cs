using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>A block's body within its segment file.</summary>
sealed class SegmentBytes(SegmentFiles files, long segment, int? day, long start, int length) : BlockBytes
{
    public override int Length { get; } = length;

    public override void Read(int offset, Span<byte> target)
    {
        if (offset < 0 || target.Length > Length - offset)
        {
            throw new CorruptDataException($"{DataLayout.SegmentFile(segment, day)}: a block reaches past its end");
        }

        files.Read(segment, day, start + offset, target);
    }

    public override object? Recall(string name) => Cache(name).Find(segment, start, name);

    public override void Remember(string name, object value, long bytes) => Cache(name).Add(segment, start, name, value, bytes);

    BlockCache Cache(string name) => name == BlockReader.OpenedName ? files.Opened : files.Columns;
}
