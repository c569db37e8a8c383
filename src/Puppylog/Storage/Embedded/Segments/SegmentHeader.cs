using System.Buffers.Binary;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>The first 64 bytes of a segment file; see docs/formats/segment.md.</summary>
/// <param name="Id">The segment's number within its store.</param>
/// <param name="Day">Days since 1970 of all its records; null for a segment of many days.</param>
/// <param name="Store">The store that it belongs to.</param>
/// <param name="IsCompacted">Made by compaction: it counts only with its footer.</param>
readonly record struct SegmentHeader(long Id, int? Day, Guid Store, bool IsCompacted = false)
{
    public const int Size = 64;
    const ushort Version = 1;
    const ushort MixedFlag = 1;
    const ushort CompactedFlag = 2;

    static ReadOnlySpan<byte> Magic => "PUPSEG\r\n"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)((Day is null ? MixedFlag : 0) | (IsCompacted ? CompactedFlag : 0)));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Day ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Id);
        Store.TryWriteBytes(bytes.AsSpan(24), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Size - 4), Crc32C.Compute(bytes.AsSpan(0, Size - 4)));
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < Size
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Size - 4)..]) != Crc32C.Compute(bytes[..(Size - 4)]))
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        header = new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            (flags & MixedFlag) != 0 ? null : BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            new Guid(bytes.Slice(24, 16), bigEndian: true),
            (flags & CompactedFlag) != 0);
        return true;
    }
}
