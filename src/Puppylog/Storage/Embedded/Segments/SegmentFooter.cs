using System.Buffers;
using System.Buffers.Binary;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>The index of frames that ends a sealed segment; see docs/formats/segment.md.</summary>
static class SegmentFooter
{
    public const int EntrySize = 56;
    public const int TrailerSize = 12;

    static ReadOnlySpan<byte> Start => "PLFT"u8;

    static ReadOnlySpan<byte> End => "PLFE"u8;

    public static byte[] ToBytes(IReadOnlyList<FrameEntry> frames)
    {
        var target = new ArrayBufferWriter<byte>(8 + (frames.Count * EntrySize) + TrailerSize);
        var writer = new FixedWriter(target);
        writer.Bytes(Start);
        writer.Int32(frames.Count);
        foreach (var frame in frames)
        {
            writer.Int64(frame.Offset);
            writer.Int64(frame.BodyOffset);
            writer.Int64(frame.Commit);
            writer.Int32(frame.BodyLength);
            writer.Int32(frame.Ordinal);
            writer.Int32(frame.Records);
            writer.Int32(0);
            writer.Int64(frame.MinTime);
            writer.Int64(frame.MaxTime);
        }

        var checksum = Crc32C.Compute(target.WrittenSpan);
        writer.Int32((int)checksum);
        writer.Int32(target.WrittenCount + 8);
        writer.Bytes(End);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>Reads the footer at the end of a segment's bytes; false where there is none that verifies.</summary>
    public static bool TryRead(ReadOnlySpan<byte> segment, out FrameEntry[] frames)
    {
        frames = [];
        if (segment.Length < 8 + TrailerSize || !segment.EndsWith(End))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(segment[^8..]);
        if (length < 8 + TrailerSize || length > segment.Length)
        {
            return false;
        }

        var footer = segment[^length..];
        var entries = footer[..^TrailerSize];
        if (!footer.StartsWith(Start)
            || BinaryPrimitives.ReadUInt32LittleEndian(footer[^TrailerSize..]) != Crc32C.Compute(entries)
            || (long)BinaryPrimitives.ReadInt32LittleEndian(footer[4..]) * EntrySize != entries.Length - 8)
        {
            return false;
        }

        frames = new FrameEntry[(entries.Length - 8) / EntrySize];
        var reader = new FixedReader(entries[8..]);
        for (var i = 0; i < frames.Length; i++)
        {
            var (offset, bodyOffset, commit) = (reader.Int64(), reader.Int64(), reader.Int64());
            var (bodyLength, ordinal, records, _) = (reader.Int32(), reader.Int32(), reader.Int32(), reader.Int32());
            frames[i] = new(offset, bodyOffset, bodyLength, commit, ordinal, records, reader.Int64(), reader.Int64());
        }

        return true;
    }
}
