using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Reads the blocks of a sealed segment, in the order of commits, one at a time.</summary>
/// <param name="file">The segment.</param>
/// <param name="findKey">Tells whether an idempotency key is still remembered.</param>
sealed class SourceSegment(StoreFile file, Func<string, KeyRow?> findKey)
{
    byte[] _buffer = [];

    /// <exception cref="CorruptDataException">What is there is not what was recorded.</exception>
    public SourceBlock Read(FrameEntry frame)
    {
        var length = checked((int)(frame.BodyOffset - frame.Offset) + frame.BodyLength);
        if (_buffer.Length < length)
        {
            _buffer = new byte[Math.Max(length, _buffer.Length * 2)];
        }

        var bytes = _buffer.AsMemory(0, length);
        if (file.Read(frame.Offset, bytes.Span) != length
            || !FrameHeader.TryRead(bytes.Span, out var header)
            || header.FrameLength != length
            || header.BodyLength != frame.BodyLength
            || header.Records != frame.Records
            || (header.Commit, header.Ordinal) != (frame.Commit, frame.Ordinal))
        {
            throw new CorruptDataException($"the frame at byte {frame.Offset} is not the one that was recorded");
        }

        var metadata = bytes.Span.Slice(FrameHeader.Size, header.MetadataLength);
        return new(header, header.IsCompacted ? Pruned(CompactedMetadata.Read(metadata)) : FromCommit(header, metadata), bytes[^frame.BodyLength..]);
    }

    CompactedMetadata FromCommit(in FrameHeader header, ReadOnlySpan<byte> metadata)
    {
        var commit = header.Commit;
        IReadOnlyList<PositionChange> moves = [];
        IReadOnlyList<string> keys = [];
        if (metadata.Length > 0)
        {
            try
            {
                var reader = new FixedReader(metadata);
                (moves, keys) = CommitMetadata.Read(ref reader);
            }
            catch (FormatException e)
            {
                throw new CorruptDataException(e.Message, e);
            }
        }

        return new(
            IsFull: false,
            [new(commit, header.Ordinal, header.Records)],
            [.. moves.GroupBy(move => move.To.Source, StringComparer.Ordinal).Select(source => (commit, source.Last().To))],
            [.. keys.Select(findKey).OfType<KeyRow>()]);
    }

    CompactedMetadata Pruned(CompactedMetadata metadata) => metadata with { Keys = [.. metadata.Keys.Where(key => findKey(key.Key) is not null)] };
}
