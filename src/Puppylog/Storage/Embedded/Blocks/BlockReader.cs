using System.Buffers.Binary;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Opens a block's bytes as a view. Trusts no length: what does not verify is a <see cref="CorruptDataException"/>.</summary>
static class BlockReader
{
    /// <summary>Most directories fit in this many bytes, so that opening a block is one read.</summary>
    const int FirstRead = 4096;

    /// <summary>Under this name the opened block is remembered; no column is called so.</summary>
    public const string OpenedName = "\0opened";

    public static RecordView Open(BlockBytes bytes)
    {
        if (bytes.Recall(OpenedName) is BlockView opened)
        {
            return opened.Another();
        }

        var first = new byte[Math.Min(FirstRead, bytes.Length)];
        if (first.Length < BlockFormat.HeaderLength)
        {
            throw new CorruptDataException("a block is shorter than its header");
        }

        bytes.Read(0, first);
        if (BinaryPrimitives.ReadUInt32LittleEndian(first) != BlockFormat.Magic)
        {
            throw new CorruptDataException("no block begins here");
        }

        if (first[4] is < BlockFormat.OldestVersion or > BlockFormat.Version)
        {
            throw new CorruptDataException($"a block of format version {first[4]}; this program reads {BlockFormat.OldestVersion} to {BlockFormat.Version}");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(8));
        if (length > BlockFormat.MaxDirectoryLength || length > bytes.Length - BlockFormat.HeaderLength)
        {
            throw new CorruptDataException("a block's directory is longer than the block");
        }

        var end = BlockFormat.HeaderLength + (int)length;
        if (end > first.Length)
        {
            first = new byte[end];
            bytes.Read(0, first);
        }

        var directory = first.AsSpan(BlockFormat.HeaderLength, (int)length);
        if (Crc32C.Compute(directory) != BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(12)))
        {
            throw new CorruptDataException("a block's directory does not match its checksum");
        }

        var view = new BlockView(bytes, end, BlockDirectory.Read(directory, first[4]));
        bytes.Remember(OpenedName, view, 2048 + (4L * length));
        return view.Another();
    }
}
