using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>What a frame that compaction has made consists of: docs/formats/segment.md, metadata of version 2.</summary>
/// <param name="IsFull">Joining it with more would not make it better.</param>
/// <param name="Parts">What it holds, in the order of its records.</param>
/// <param name="Positions">The latest position of each source among the parts, and the commit that moved it.</param>
/// <param name="Keys">Idempotency keys of the parts' commits.</param>
sealed record CompactedMetadata(
    bool IsFull, IReadOnlyList<FramePart> Parts, IReadOnlyList<(long Commit, SourcePosition Position)> Positions, IReadOnlyList<KeyRow> Keys)
{
    const byte Version = 2;
    const byte FullFlag = 1;

    public void Write(ByteWriter target)
    {
        target.Byte(Version);
        target.Byte(IsFull ? FullFlag : (byte)0);
        target.Varint((ulong)Parts.Count);
        long before = 0;
        foreach (var part in Parts)
        {
            target.ZigZag(part.Commit - before);
            target.Varint((ulong)part.Ordinal);
            target.Varint((ulong)part.Records);
            before = part.Commit;
        }

        target.Varint((ulong)Positions.Count);
        foreach (var (commit, position) in Positions)
        {
            target.Varint((ulong)commit);
            target.Text(position.Source);
            target.ZigZag(position.Generation);
            target.ZigZag(position.Offset);
            target.ZigZag(position.Line);
            target.Text(position.Path);
            target.Varint((ulong)position.FingerprintLength);
            target.UInt64(position.Fingerprint);
        }

        target.Varint((ulong)Keys.Count);
        foreach (var key in Keys)
        {
            target.Varint((ulong)key.Commit);
            target.Varint((ulong)key.Records);
            target.Text(key.Key);
        }
    }

    /// <exception cref="CorruptDataException">The bytes are no such metadata.</exception>
    public static CompactedMetadata Read(ReadOnlySpan<byte> bytes)
    {
        var source = new ByteReader(bytes);
        if (source.Byte() != Version)
        {
            throw new CorruptDataException("unknown version of a compacted frame's metadata");
        }

        var isFull = (source.Byte() & FullFlag) != 0;
        var parts = new FramePart[source.Size(source.Remaining / 3)];
        long commit = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            commit = unchecked(commit + source.ZigZag());
            parts[i] = new(commit, source.Size(int.MaxValue), source.Size(int.MaxValue));
        }

        var positions = new (long, SourcePosition)[source.Size(source.Remaining / 15)];
        for (var i = 0; i < positions.Length; i++)
        {
            var moved = (long)source.Varint();
            positions[i] = (moved, new(
                source.Text(), source.ZigZag(), source.ZigZag(), source.ZigZag(), source.Text(), source.Size(int.MaxValue), source.UInt64()));
        }

        var keys = new KeyRow[source.Size(source.Remaining / 3)];
        for (var i = 0; i < keys.Length; i++)
        {
            var (stored, records) = ((long)source.Varint(), (long)source.Varint());
            keys[i] = new(source.Text(), stored, records);
        }

        return new(isFull, parts, positions, keys);
    }
}
