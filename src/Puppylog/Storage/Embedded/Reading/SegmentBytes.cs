using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>A block's body within its segment file, which stays open as long as this is used.</summary>
sealed class SegmentBytes : BlockBytes
{
    readonly SegmentFiles _files;
    readonly BlockRow _row;
    readonly bool _isPinned;

    /// <exception cref="SegmentGoneException">There is no such file.</exception>
    public SegmentBytes(SegmentFiles files, BlockRow row)
    {
        _files = files;
        _row = row;
        files.Pin(row.Segment, row.Day);
        _isPinned = true;
    }

    // Views have no end of their own. A file that is pinned needlessly costs a descriptor until the next collection.
    ~SegmentBytes()
    {
        if (_isPinned)
        {
            _files.Unpin(_row.Segment);
        }
    }

    public override int Length => _row.Frame.BodyLength;

    public override void Read(int offset, Span<byte> target)
    {
        if (offset < 0 || target.Length > Length - offset)
        {
            throw new CorruptDataException($"{DataLayout.SegmentFile(_row.Segment, _row.Day)}: a block reaches past its end");
        }

        _files.Read(_row.Segment, _row.Day, _row.Frame.BodyOffset + offset, target);
    }

    public override object? Recall(string name) => Cache(name).Find(_row.Segment, _row.Frame.BodyOffset, name);

    public override void Remember(string name, object value, long bytes) => Cache(name).Add(_row.Segment, _row.Frame.BodyOffset, name, value, bytes);

    BlockCache Cache(string name) => name == BlockReader.OpenedName ? _files.Opened : _files.Columns;
}
