using System.IO.Compression;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Bytes within a chunk, compressed where that pays: codec (0 as is, 1 Brotli), length, stored length, bytes.
/// </summary>
static class Section
{
    const byte AsIs = 0;
    const byte Brotli = 1;

    /// <summary>Windows of 2^22 bytes: the most that a block's text needs.</summary>
    const int Window = 22;

    /// <summary>Below this the header of a compressed stream eats the gain.</summary>
    const int WorthCompressing = 64;

    public static void Write(ByteWriter target, ReadOnlySpan<byte> bytes, int quality)
    {
        if (bytes.Length >= WorthCompressing)
        {
            var header = 1 + 5 + 5;
            var room = bytes.Length - (bytes.Length >> 5);
            var free = target.Reserve(header + room);
            if (BrotliEncoder.TryCompress(bytes, free.Slice(header, room), out var written, quality, Window))
            {
                // The lengths are known only now: the compressed bytes are moved up behind them.
                var packed = free.Slice(header, written);
                target.Byte(Brotli);
                target.Varint((ulong)bytes.Length);
                target.Varint((ulong)written);
                packed.CopyTo(target.Reserve(written));
                target.Advance(written);
                return;
            }
        }

        target.Byte(AsIs);
        target.Varint((ulong)bytes.Length);
        target.Bytes(bytes);
    }

    public static byte[] Read(ref ByteReader source)
    {
        var codec = source.Byte();
        var length = source.Size(BlockFormat.MaxSectionLength);
        switch (codec)
        {
            case AsIs:
                return source.Bytes(length).ToArray();
            case Brotli:
                var packed = source.Bytes(source.Size(source.Remaining));
                // Brotli's best is about 1 to 10^5; a tiny section that claims gigabytes is refused before it is believed.
                if (length > (packed.Length * 200_000L) + 1024)
                {
                    throw new CorruptDataException("a compressed section claims more bytes than it can hold");
                }

                var bytes = GC.AllocateUninitializedArray<byte>(length);
                return BrotliDecoder.TryDecompress(packed, bytes, out var written) && written == length
                    ? bytes
                    : throw new CorruptDataException("a compressed section does not unpack");
            default:
                throw new CorruptDataException($"unknown section codec {codec}");
        }
    }
}
