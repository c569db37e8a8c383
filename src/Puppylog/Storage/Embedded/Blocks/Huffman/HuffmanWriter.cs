using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Huffman;

/// <summary>
/// Bytes as Huffman codes: for text without repetition (addresses, numbers) and small numbers, where a compressor that looks
/// for repetition finds none and takes ten times as long. Layout: docs/formats/block.md, codec 2.
/// </summary>
static class HuffmanWriter
{
    /// <summary>The bytes are cut into so many runs, so that a reader can decode them side by side.</summary>
    public const int Runs = 4;

    /// <summary>How often each byte occurs.</summary>
    public static void Count(ReadOnlySpan<byte> bytes, Span<int> counts)
    {
        // Four tables, as neighbours are often equal and would wait for each other's count.
        Span<int> tables = stackalloc int[4 * HuffmanLengths.Symbols];
        tables.Clear();
        ref var table = ref MemoryMarshal.GetReference(tables);
        var at = 0;
        for (; at <= bytes.Length - 4; at += 4)
        {
            var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));
            Unsafe.Add(ref table, (nint)(byte)four)++;
            Unsafe.Add(ref table, (nint)(256 + (byte)(four >> 8)))++;
            Unsafe.Add(ref table, (nint)(512 + (byte)(four >> 16)))++;
            Unsafe.Add(ref table, (nint)(768 + (four >> 24)))++;
        }

        for (; at < bytes.Length; at++)
        {
            tables[bytes[at]]++;
        }

        for (var i = 0; i < HuffmanLengths.Symbols; i++)
        {
            counts[i] = tables[i] + tables[256 + i] + tables[512 + i] + tables[768 + i];
        }
    }

    /// <param name="target">Where they go.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="lengths">A code that has all of them.</param>
    public static void Write(ByteWriter target, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> lengths)
    {
        WriteLengths(target, lengths);
        Span<uint> codes = stackalloc uint[HuffmanLengths.Symbols];
        Span<ushort> plain = stackalloc ushort[HuffmanLengths.Symbols];
        HuffmanLengths.Codes(lengths, plain);
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = plain[i] | ((uint)lengths[i] << 16);
        }

        var run = RunLength(bytes.Length);
        var places = target.Length;
        for (var i = 0; i < Runs; i++)
        {
            target.UInt32(0);
        }

        for (var i = 0; i < Runs; i++)
        {
            var start = target.Length;
            WriteRun(target, bytes[Math.Min(i * run, bytes.Length)..Math.Min((i + 1) * run, bytes.Length)], codes);
            target.Overwrite(places + (4 * i), (uint)(target.Length - start));
        }
    }

    /// <summary>Bytes of every run but the last, which has what is left.</summary>
    public static int RunLength(int count) => (int)(((uint)count + Runs - 1) / Runs);

    /// <summary>The highest byte that has a code, then four bits per byte up to it.</summary>
    static void WriteLengths(ByteWriter target, ReadOnlySpan<byte> lengths)
    {
        var highest = lengths.LastIndexOfAnyExcept((byte)0);
        target.Byte((byte)highest);
        for (var i = 0; i <= highest; i += 2)
        {
            target.Byte((byte)(lengths[i] | (lengths[i + 1] << 4)));
        }
    }

    static void WriteRun(ByteWriter target, ReadOnlySpan<byte> bytes, ReadOnlySpan<uint> codes)
    {
        var room = target.Reserve((bytes.Length * HuffmanLengths.Longest / 8) + 16);
        ref var to = ref MemoryMarshal.GetReference(room);
        ref var from = ref MemoryMarshal.GetReference(bytes);
        ref var code = ref MemoryMarshal.GetReference(codes);
        ulong pending = 0;
        var bits = 0;
        nint written = 0;
        nint at = 0;
        // Less than 8 bits are pending before each round, and four codes of 11 come to them.
        for (; at <= bytes.Length - 4; at += 4)
        {
            var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, at));
            Add(Unsafe.Add(ref code, (nint)(byte)four), ref pending, ref bits);
            Add(Unsafe.Add(ref code, (nint)(byte)(four >> 8)), ref pending, ref bits);
            Add(Unsafe.Add(ref code, (nint)(byte)(four >> 16)), ref pending, ref bits);
            Add(Unsafe.Add(ref code, (nint)(four >> 24)), ref pending, ref bits);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, written), pending);
            written += bits >> 3;
            pending >>= bits & ~7;
            bits &= 7;
        }

        for (; at < bytes.Length; at++)
        {
            Add(Unsafe.Add(ref code, (nint)bytes[(int)at]), ref pending, ref bits);
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, written), pending);
        target.Advance((int)written + ((bits + 7) >> 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(uint code, ref ulong pending, ref int bits)
    {
        pending |= (ulong)(ushort)code << bits;
        bits += (int)(code >> 16);
    }
}
