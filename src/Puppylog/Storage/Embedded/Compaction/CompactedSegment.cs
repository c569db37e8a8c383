using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>The segment that compaction writes, aside until it is complete and on disk.</summary>
sealed class CompactedSegment : IDisposable
{
    readonly IFileSystem _files;
    readonly string _directory;
    readonly long _id;
    readonly int? _day;
    readonly StoreFile _file;
    readonly ByteWriter _metadata = new();
    readonly List<(FrameEntry Frame, CompactedMetadata Metadata)> _frames = [];

    public CompactedSegment(IFileSystem files, string directory, Guid store, long id, int? day)
    {
        (_files, _directory, _id, _day) = (files, directory, id, day);
        _file = files.Create(Path.Combine(directory, DataLayout.UnfinishedFile(id, day)));
        try
        {
            Write([new SegmentHeader(id, day, store, IsCompacted: true).ToBytes()]);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public long Length { get; private set; }

    public int Blocks => _frames.Count;

    public void Append(CompactedMetadata metadata, ReadOnlyMemory<byte> body, int records, long minTime, long maxTime)
    {
        _metadata.Clear();
        metadata.Write(_metadata);
        var (commit, ordinal, _) = metadata.Parts[0];
        var header = new FrameHeader(_id, commit, ordinal, 0, _metadata.Length, body.Length, records, minTime, maxTime);
        var head = new byte[FrameHeader.Size + _metadata.Length];
        _metadata.Written.CopyTo(head.AsSpan(FrameHeader.Size));
        header.Write(head, _metadata.Written);
        _frames.Add((new(Length, Length + head.Length, body.Length, commit, ordinal, records, minTime, maxTime), metadata));
        Write([head, body]);
    }

    /// <summary>Ends it with its index and makes it last under its name.</summary>
    /// <param name="written">When the last block of those in it came, nanoseconds since 1970 UTC.</param>
    public AddedSegment Finish(long written)
    {
        Write([SegmentFooter.ToBytes([.. _frames.Select(frame => frame.Frame)])]);
        _file.Sync();
        _file.Dispose();
        var path = Path.Combine(_directory, DataLayout.SegmentFile(_id, _day));
        _files.Move(Path.Combine(_directory, DataLayout.UnfinishedFile(_id, _day)), path);
        _files.SyncDirectory(Path.GetDirectoryName(path)!);
        return new(new(_id, _day, Length, SegmentState.Sealed), written, _frames);
    }

    public void Dispose() => _file.Dispose();

    void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        _file.Write(Length, pieces);
        Length += pieces.Sum(piece => (long)piece.Length);
    }
}
