using System.Buffers.Binary;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>The 80 bytes before a block's metadata and body; see docs/formats/segment.md.</summary>
/// <param name="Segment">The number of the segment that it was written into.</param>
/// <param name="Commit">The commit's number.</param>
/// <param name="Ordinal">The block's place among the commit's blocks, from 0.</param>
/// <param name="Blocks">How many blocks the commit has; 0 where compaction made the frame.</param>
/// <param name="MetadataLength">
/// Bytes behind the header: positions and keys (<see cref="CommitMetadata"/>) in the first block of a commit only, in a
/// compacted frame always <see cref="CompactedMetadata"/>.
/// </param>
/// <param name="BodyLength">Bytes of the encoded block.</param>
/// <param name="Records">Records in the block.</param>
/// <param name="MinTime">The earliest time, nanoseconds since 1970 UTC.</param>
/// <param name="MaxTime">The latest time.</param>
readonly record struct FrameHeader(
    long Segment, long Commit, int Ordinal, int Blocks, int MetadataLength, int BodyLength, int Records, long MinTime, long MaxTime)
{
    public const int Size = 80;
    const ushort CommitVersion = 1;
    const ushort CompactedVersion = 2;

    static ReadOnlySpan<byte> Magic => "PLFR"u8;

    /// <summary>True where the frame holds parts of several commits, as its metadata tells.</summary>
    public bool IsCompacted => Blocks == 0;

    ushort Version => IsCompacted ? CompactedVersion : CommitVersion;

    public long FrameLength => (long)Size + MetadataLength + BodyLength;

    /// <summary>Writes the header with the checksum over itself and the metadata.</summary>
    public void Write(Span<byte> target, ReadOnlySpan<byte> metadata)
    {
        target[..Size].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[6..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], FrameLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Commit);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], BodyLength);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], MetadataLength);
        BinaryPrimitives.WriteInt32LittleEndian(target[32..], Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(target[36..], Blocks);
        BinaryPrimitives.WriteInt32LittleEndian(target[40..], Records);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], MinTime);
        BinaryPrimitives.WriteInt64LittleEndian(target[56..], MaxTime);
        BinaryPrimitives.WriteInt64LittleEndian(target[64..], Segment);
        BinaryPrimitives.WriteUInt32LittleEndian(target[76..], Crc32C.Compute(target[..76], metadata));
    }

    /// <summary>Reads a header and verifies it with its metadata; <paramref name="bytes"/> begins at the frame and holds both.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < Size
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) != Size)
        {
            return false;
        }

        var read = new FrameHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]));
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) != read.Version
            || read.MetadataLength < 0
            || read.BodyLength < 0
            || read.MetadataLength > bytes.Length - Size
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) != read.FrameLength
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..])
                != Crc32C.Compute(bytes[..76], bytes.Slice(Size, read.MetadataLength)))
        {
            return false;
        }

        header = read;
        return true;
    }
}
