using System.IO.Compression;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Huffman;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Bytes within a chunk, compressed in the way that pays: codec (0 as is, 1 Brotli, 2 Huffman), length, stored length, bytes.
/// </summary>
static class Section
{
    const byte AsIs = 0;
    const byte Brotli = 1;
    const byte Huffman = 2;

    /// <summary>Windows of 2^22 bytes: the most that a block's text needs.</summary>
    const int Window = 22;

    /// <summary>Below this the header of a compressed stream eats the gain.</summary>
    const int WorthCompressing = 64;

    /// <summary>
    /// Below this a search for repetition takes longer to make ready than the few bytes that it saves are worth: most columns
    /// within columns are as small (bench/results/2026-11-22-collect-cpu.md).
    /// </summary>
    const int WorthSampling = 1024;

    /// <summary>Bytes from the middle that say whether a compressor finds repetition in all of them.</summary>
    const int SampleSize = 3 << 10;

    /// <summary>
    /// Finding repetition takes ten times as long as counting bytes: Brotli must come below this share of what Huffman codes
    /// take. Addresses, numbers and codes of a dictionary do not (bench/results/2026-11-22-collect-cpu.md).
    /// </summary>
    const double WorthSearching = 0.9;

    /// <param name="target">Where it goes.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="quality">Brotli's quality.</param>
    /// <param name="known">What is known of the column's sections from other blocks.</param>
    public static void Write(ByteWriter target, ReadOnlySpan<byte> bytes, int quality, KnownSections? known = null)
    {
        byte? none = null;
        ref var codec = ref none;
        if (known is not null)
        {
            codec = ref known.Next();
        }

        if (bytes.Length < WorthCompressing || !TryCompress(target, bytes, quality, ref codec))
        {
            target.Byte(AsIs);
            target.Varint((ulong)bytes.Length);
            target.Bytes(bytes);
        }
    }

    static bool TryCompress(ByteWriter target, ReadOnlySpan<byte> bytes, int quality, ref byte? codec)
    {
        if (bytes.Length > SampleSize && codec is { } known)
        {
            return known == Brotli ? TryBrotli(target, bytes, quality) : TryHuffman(target, bytes);
        }

        Span<byte> packed = stackalloc byte[SampleSize];
        if (!RepeatsItself(bytes, packed, out var written))
        {
            codec = bytes.Length > SampleSize ? Huffman : null;
            return TryHuffman(target, bytes);
        }

        if (bytes.Length > SampleSize || written == 0)
        {
            codec = bytes.Length > SampleSize ? Brotli : null;
            return TryBrotli(target, bytes, quality);
        }

        // The sample was all of it.
        target.Byte(Brotli);
        target.Varint((ulong)bytes.Length);
        target.Block(packed[..written]);
        return true;
    }

    /// <summary>True where a sample comes out much smaller with Brotli; then <paramref name="packed"/> has it, unless nothing was tried.</summary>
    static bool RepeatsItself(ReadOnlySpan<byte> bytes, Span<byte> packed, out int written)
    {
        written = 0;
        if (bytes.Length < WorthSampling)
        {
            return false;
        }

        var sample = bytes.Length <= SampleSize ? bytes : bytes.Slice((bytes.Length - SampleSize) / 2, SampleSize);
        Span<int> counts = stackalloc int[HuffmanLengths.Symbols];
        Span<byte> lengths = stackalloc byte[HuffmanLengths.Symbols];
        HuffmanWriter.Count(sample, counts);
        if (!HuffmanLengths.TryMake(counts, lengths))
        {
            return true;
        }

        var room = Math.Min(sample.Length, (int)(HuffmanLengths.Bits(counts, lengths) / 8 * WorthSearching));
        return BrotliEncoder.TryCompress(sample, packed[..room], out written, quality: 1, Window);
    }

    static bool TryBrotli(ByteWriter target, ReadOnlySpan<byte> bytes, int quality)
    {
        var header = 1 + 5 + 5;
        var room = bytes.Length - (bytes.Length >> 5);
        var free = target.Reserve(header + room);
        if (!BrotliEncoder.TryCompress(bytes, free.Slice(header, room), out var written, quality, Window))
        {
            return false;
        }

        // The lengths are known only now: the compressed bytes are moved up behind them.
        var packed = free.Slice(header, written);
        target.Byte(Brotli);
        target.Varint((ulong)bytes.Length);
        target.Varint((ulong)written);
        packed.CopyTo(target.Reserve(written));
        target.Advance(written);
        return true;
    }

    static bool TryHuffman(ByteWriter target, ReadOnlySpan<byte> bytes)
    {
        Span<int> counts = stackalloc int[HuffmanLengths.Symbols];
        Span<byte> lengths = stackalloc byte[HuffmanLengths.Symbols];
        HuffmanWriter.Count(bytes, counts);
        if (!HuffmanLengths.TryMake(counts, lengths) || HuffmanLengths.Bits(counts, lengths) / 8 > bytes.Length - (bytes.Length >> 5))
        {
            return false;
        }

        target.Byte(Huffman);
        target.Varint((ulong)bytes.Length);
        HuffmanWriter.Write(target, bytes, lengths);
        return true;
    }

    /// <summary>Passes a section without unpacking it.</summary>
    public static void Skip(ref ByteReader source)
    {
        var codec = source.Byte();
        var length = source.Size(BlockFormat.MaxSectionLength);
        switch (codec)
        {
            case AsIs:
                source.Bytes(length);
                break;
            case Brotli:
                source.Bytes(source.Size(source.Remaining));
                break;
            case Huffman:
                HuffmanReader.Skip(ref source);
                break;
            default:
                throw new CorruptDataException($"unknown section codec {codec}");
        }
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
            case Huffman:
                // A code has a bit at least.
                if (length > source.Remaining * 8L)
                {
                    throw new CorruptDataException("a section of Huffman codes claims more bytes than it can hold");
                }

                var decoded = GC.AllocateUninitializedArray<byte>(length);
                HuffmanReader.Read(ref source, decoded);
                return decoded;
            default:
                throw new CorruptDataException($"unknown section codec {codec}");
        }
    }
}
