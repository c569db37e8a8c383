using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Huffman;

/// <summary>Reads what <see cref="HuffmanWriter"/> wrote.</summary>
static class HuffmanReader
{
    const int TableSize = 1 << HuffmanLengths.Longest;

    /// <exception cref="CorruptDataException">The code is not complete, or the bits end too early or too late.</exception>
    public static void Read(ref ByteReader source, scoped Span<byte> bytes)
    {
        Span<ushort> table = stackalloc ushort[TableSize];
        ReadTable(ref source, table);
        Span<int> sizes = stackalloc int[HuffmanWriter.Runs];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = (int)Math.Min(source.UInt32(), int.MaxValue);
        }

        var first = source.Bytes(sizes[0]);
        var second = source.Bytes(sizes[1]);
        var third = source.Bytes(sizes[2]);
        var last = source.Bytes(sizes[3]);
        var run = HuffmanWriter.RunLength(bytes.Length);
        var runs = new RunLengths(run, bytes.Length);
        long bit0 = 0, bit1 = 0, bit2 = 0, bit3 = 0;
        var at = 0;
        // Side by side: four look-ups that wait for nothing but their own run's last.
        var together = Math.Min(Math.Min(first.Length, second.Length), Math.Min(third.Length, last.Length)) - 8;
        ref var codes = ref MemoryMarshal.GetReference(table);
        while (at <= runs.Of(3) - 4 && Math.Max(Math.Max(bit0, bit1), Math.Max(bit2, bit3)) >> 3 <= together)
        {
            bit0 += Four(ref codes, first, bit0, bytes[at..]);
            bit1 += Four(ref codes, second, bit1, bytes[(run + at)..]);
            bit2 += Four(ref codes, third, bit2, bytes[((2 * run) + at)..]);
            bit3 += Four(ref codes, last, bit3, bytes[((3 * run) + at)..]);
            at += 4;
        }

        Rest(table, first, bit0, bytes[Math.Min(at, runs.Of(0))..runs.Of(0)]);
        Rest(table, second, bit1, bytes.Slice(runs.Start(1), runs.Of(1))[Math.Min(at, runs.Of(1))..]);
        Rest(table, third, bit2, bytes.Slice(runs.Start(2), runs.Of(2))[Math.Min(at, runs.Of(2))..]);
        Rest(table, last, bit3, bytes.Slice(runs.Start(3), runs.Of(3))[Math.Min(at, runs.Of(3))..]);
    }

    /// <summary>Passes the code and the bits.</summary>
    public static void Skip(ref ByteReader source)
    {
        source.Bytes((source.Byte() >> 1) + 1);
        long length = 0;
        for (var i = 0; i < HuffmanWriter.Runs; i++)
        {
            length += source.UInt32();
        }

        source.Bytes((int)Math.Min(length, int.MaxValue));
    }

    /// <summary>Where the runs of so many bytes begin and how long they are.</summary>
    readonly record struct RunLengths(int Run, int Count)
    {
        public int Start(int run) => Math.Min(run * Run, Count);

        public int Of(int run) => Math.Min((run + 1) * Run, Count) - Start(run);
    }

    /// <summary>For every value of the next bits the byte that they begin with, and above it the bits of its code.</summary>
    static void ReadTable(ref ByteReader source, scoped Span<ushort> table)
    {
        Span<byte> lengths = stackalloc byte[HuffmanLengths.Symbols];
        lengths.Clear();
        int highest = source.Byte();
        var taken = 0;
        for (var i = 0; i <= highest; i += 2)
        {
            var two = source.Byte();
            lengths[i] = (byte)(two & 15);
            lengths[i + 1] = (byte)(two >> 4);
            if (lengths[i] > HuffmanLengths.Longest || lengths[i + 1] > HuffmanLengths.Longest)
            {
                throw new CorruptDataException("a Huffman code is longer than any may be");
            }

            taken += Share(lengths[i]) + Share(lengths[i + 1]);
        }

        if (taken != TableSize)
        {
            throw new CorruptDataException("a Huffman code is not complete");
        }

        Span<ushort> codes = stackalloc ushort[HuffmanLengths.Symbols];
        HuffmanLengths.Codes(lengths, codes);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0)
            {
                for (int code = codes[symbol]; code < TableSize; code += 1 << lengths[symbol])
                {
                    table[code] = (ushort)(symbol | (lengths[symbol] << 8));
                }
            }
        }

        static int Share(byte length) => length == 0 ? 0 : TableSize >> length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Four(ref ushort codes, ReadOnlySpan<byte> run, long bit, Span<byte> target)
    {
        var next = BinaryPrimitives.ReadUInt64LittleEndian(run[(int)(bit >> 3)..]) >> (int)(bit & 7);
        int a = Unsafe.Add(ref codes, (nint)(next & (TableSize - 1)));
        next >>= a >> 8;
        int b = Unsafe.Add(ref codes, (nint)(next & (TableSize - 1)));
        next >>= b >> 8;
        int c = Unsafe.Add(ref codes, (nint)(next & (TableSize - 1)));
        next >>= c >> 8;
        int d = Unsafe.Add(ref codes, (nint)(next & (TableSize - 1)));
        BinaryPrimitives.WriteInt32LittleEndian(target, (byte)a | ((byte)b << 8) | ((byte)c << 16) | (d << 24));
        return (a >> 8) + (b >> 8) + (c >> 8) + (d >> 8);
    }

    static void Rest(ReadOnlySpan<ushort> table, ReadOnlySpan<byte> run, long bit, Span<byte> target)
    {
        foreach (ref var value in target)
        {
            var code = table[(int)(Next(run, (int)(bit >> 3)) >> (int)(bit & 7)) & (TableSize - 1)];
            value = (byte)code;
            bit += code >> 8;
        }

        if ((bit + 7) >> 3 != run.Length)
        {
            throw new CorruptDataException("a run of Huffman codes is shorter or longer than its bytes");
        }
    }

    /// <summary>The next four bytes; zeros behind the end.</summary>
    static uint Next(ReadOnlySpan<byte> run, int at)
    {
        if (at <= run.Length - 4)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(run[at..]);
        }

        uint next = 0;
        for (var i = 0; at + i < run.Length; i++)
        {
            next |= (uint)run[at + i] << (8 * i);
        }

        return next;
    }
}
