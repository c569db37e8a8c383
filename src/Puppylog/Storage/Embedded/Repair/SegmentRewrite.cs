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
    /// <summary>The new segment and where its blocks are now, on disk.</summary>
    /// <param name="segment">The damaged one.</param>
    /// <param name="blocks">Whole or salvaged, at least one.</param>
    /// <param name="lost">The others.</param>
    /// <param name="id">The number of the new one.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left of it.</exception>
    public (SegmentRow Row, List<BlockRow> Blocks) Write(ExaminedSegment segment, IEnumerable<ExaminedBlock> blocks, IReadOnlyCollection<ExaminedBlock> lost, long id)
    {
        var path = Path.Combine(directory, DataLayout.SegmentFile(id, segment.Day));
        var draft = Path.ChangeExtension(path, DataLayout.UnfinishedExtension);
        var frames = new List<FrameEntry>();
        long length;
        try
        {
            using var target = files.Create(draft);
            using var source = files.OpenRead(Path.Combine(directory, segment.Path));
            length = Append(target, 0, [new SegmentHeader(id, segment.Day, store, IsCompacted: true).ToBytes()]);
            foreach (var block in blocks.OrderBy(block => block.Entry.Commit).ThenBy(block => block.Entry.Ordinal))
            {
                var body = block.Salvaged ?? Body(source, block);
                var head = Head(block, id, body.Length);
                frames.Add(block.Entry with { Offset = length, BodyOffset = length + head.Length, BodyLength = body.Length });
                length = Append(target, length, [head, body]);
            }

            if (lost.Count > 0)
            {
                length = Append(target, length, [Tombstone(lost, id)]);
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

    static byte[] Body(StoreFile source, ExaminedBlock block)
    {
        var body = new byte[block.Entry.BodyLength];
        return source.Read(block.Entry.BodyOffset, body) == body.Length ? body : throw new IOException("a segment became shorter while it was repaired");
    }

    static byte[] Head(ExaminedBlock block, long id, int bodyLength)
    {
        var entry = block.Entry;
        return Head(
            new(id, entry.Commit, entry.Ordinal, 0, 0, bodyLength, entry.Records, entry.MinTime, entry.MaxTime), Metadata(block));
    }

    /// <summary>A frame without a body: it stands for the blocks that are lost, so that others of their commits still count, and keeps their positions.</summary>
    static byte[] Tombstone(IReadOnlyCollection<ExaminedBlock> lost, long id)
    {
        var moves = new CommitMoves();
        var parts = new SortedSet<(long Commit, int Ordinal)>();
        foreach (var block in lost)
        {
            parts.Add((block.Entry.Commit, block.Entry.Ordinal));
            if (block.Frame is { } frame)
            {
                moves.Add(frame);
                parts.UnionWith(CommitMoves.Parts(frame).Select(part => (part.Commit, part.Ordinal)));
            }
        }

        var first = parts.Min;
        return Head(
            new(id, first.Commit, first.Ordinal, 0, 0, 0, 0, 0, 0),
            Bytes(new(true, [.. parts.Select(part => new FramePart(part.Commit, part.Ordinal, 0))], [.. moves.Moved], [.. moves.Keys])));
    }

    static byte[] Head(FrameHeader header, byte[] metadata)
    {
        header = header with { MetadataLength = metadata.Length };
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

        return Bytes(new(false, [new(entry.Commit, entry.Ordinal, entry.Records)], [.. moves.Moved], [.. moves.Keys]));
    }

    static byte[] Bytes(CompactedMetadata metadata)
    {
        var writer = new ByteWriter();
        metadata.Write(writer);
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
