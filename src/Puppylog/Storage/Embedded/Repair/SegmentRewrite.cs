using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>
/// Writes what can be read of a damaged segment into a new one, which is to take its place. It is written as compaction
/// writes (docs/formats/segment.md): a later rebuild then knows that the blocks count although others of their commit are
/// lost.
/// </summary>
sealed class SegmentRewrite(IFileSystem files, string directory, Guid store)
{
    /// <summary>The new segment and where its blocks are now, on disk; <paramref name="blocks"/> are whole and at least one.</summary>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    public (SegmentRow Row, List<BlockRow> Blocks) Write(ExaminedSegment segment, IEnumerable<ExaminedBlock> blocks, long id)
    {
        var path = Path.Combine(directory, DataLayout.SegmentFile(id, segment.Day));
        var draft = Path.ChangeExtension(path, ".tmp");
        var frames = new List<FrameEntry>();
        long length;
        try
        {
            using var target = files.Create(draft);
            using var source = files.OpenRead(Path.Combine(directory, segment.Path));
            length = Append(target, 0, [new SegmentHeader(id, segment.Day, store, IsCompacted: true).ToBytes()]);
            foreach (var block in blocks.OrderBy(block => block.Entry.Commit).ThenBy(block => block.Entry.Ordinal))
            {
                var head = Head(block, id);
                var body = new byte[block.Entry.BodyLength];
                if (source.Read(block.Entry.BodyOffset, body) != body.Length)
                {
                    throw new IOException($"{segment.Path} became shorter while it was repaired");
                }

                frames.Add(block.Entry with { Offset = length, BodyOffset = length + head.Length });
                length = Append(target, length, [head, body]);
            }

            length = Append(target, length, [SegmentFooter.ToBytes(frames)]);
            target.Sync();
        }
        catch
        {
            Discard(draft);
            throw;
        }

        files.Move(draft, path);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
        return (new(id, segment.Day, length, SegmentState.Sealed), frames.ConvertAll(frame => new BlockRow(id, segment.Day, frame)));
    }

    static byte[] Head(ExaminedBlock block, long id)
    {
        var metadata = Metadata(block);
        var entry = block.Entry;
        var header = new FrameHeader(
            id, entry.Commit, entry.Ordinal, 0, metadata.Length, entry.BodyLength, entry.Records, entry.MinTime, entry.MaxTime);
        var head = new byte[FrameHeader.Size + metadata.Length];
        metadata.CopyTo(head.AsSpan(FrameHeader.Size));
        header.Write(head, metadata);
        return head;
    }

    static byte[] Metadata(ExaminedBlock block)
    {
        if (block.Frame is { Header.IsCompacted: true } joined)
        {
            return joined.Metadata;
        }

        var entry = block.Entry;
        var moves = new CommitMoves();
        if (block.Frame is { } frame)
        {
            moves.Add(frame);
        }

        var positions = moves.Positions.Select(position => (entry.Commit, position)).ToList();
        var writer = new ByteWriter();
        new CompactedMetadata(false, [new(entry.Commit, entry.Ordinal, entry.Records)], positions, [.. moves.Keys]).Write(writer);
        return writer.Written.ToArray();
    }

    static long Append(StoreFile target, long at, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        target.Write(at, pieces);
        return at + pieces.Sum(piece => (long)piece.Length);
    }

    void Discard(string draft)
    {
        try
        {
            files.Delete(draft);
        }
        catch (IOException)
        {
            // It is no segment by its name, and nobody reads it.
        }
    }
}
