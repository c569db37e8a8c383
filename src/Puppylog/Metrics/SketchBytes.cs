using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>
/// A <see cref="DistinctSketch"/> in few bytes: as long as few of its registers are used, those only. What is written stands in
/// place of 1 + the number of exact hashes.
/// </summary>
static class SketchBytes
{
    /// <summary>All registers follow, a byte each.</summary>
    public const int Dense = 0;

    /// <summary>How many registers follow, and those.</summary>
    public const int Sparse = DistinctMeasure.MaxExact + 2;

    /// <summary>A register takes two bytes mostly.</summary>
    const int MostSparse = DistinctSketch.RegisterCount / 2;

    const int RankBits = 6;
    const int RankMask = (1 << RankBits) - 1;

    public static void Write(ReadOnlySpan<byte> registers, ByteWriter writer)
    {
        var used = registers.Length - registers.Count((byte)0);
        if (used > MostSparse)
        {
            writer.Varint(Dense);
            writer.Bytes(registers);
            return;
        }

        writer.Varint(Sparse);
        writer.Varint((ulong)used);
        var before = -1;
        for (var at = registers.IndexOfAnyExcept((byte)0); used > 0; used--)
        {
            WriteRegister(at, registers[at], ref before, writer);
            at += 1 + registers[(at + 1)..].IndexOfAnyExcept((byte)0);
        }
    }

    /// <summary>The sketch of ascending codes of hashes (<see cref="DistinctMeasure.Hash"/>).</summary>
    /// <param name="hashes">By code, ascending.</param>
    public static void Write(ReadOnlySpan<int> codes, ReadOnlySpan<long> hashes, ByteWriter writer)
    {
        Span<byte> registers = stackalloc byte[DistinctSketch.RegisterCount];
        registers.Clear();
        foreach (var code in codes)
        {
            var (register, rank) = DistinctMeasure.Place(hashes[code]);
            registers[register] = Math.Max(registers[register], rank);
        }

        Write(registers, writer);
    }

    /// <summary>Passes over what <see cref="Merge"/> reads.</summary>
    public static void Skip(int head, ref ByteReader reader)
    {
        if (head == Dense)
        {
            reader.Bytes(DistinctSketch.RegisterCount);
            return;
        }

        for (var left = reader.Size(DistinctSketch.RegisterCount); left > 0; left--)
        {
            reader.Varint();
        }
    }

    /// <exception cref="CorruptDataException">It is none.</exception>
    public static void Merge(DistinctSketch sketch, int head, ref ByteReader reader)
    {
        if (head == Dense)
        {
            sketch.Merge(reader.Bytes(DistinctSketch.RegisterCount));
            return;
        }

        var register = -1L;
        for (var left = reader.Size(DistinctSketch.RegisterCount); left > 0; left--)
        {
            var step = reader.Varint();
            register += 1 + (long)(step >> RankBits);
            if (register >= DistinctSketch.RegisterCount)
            {
                throw new CorruptDataException($"a register {register} of a sketch of {DistinctSketch.RegisterCount}");
            }

            sketch.Raise((int)register, (byte)(step & RankMask));
        }
    }

    /// <summary>How many are left out before it, and its value.</summary>
    static void WriteRegister(int register, byte rank, ref int before, ByteWriter writer)
    {
        writer.Varint(((ulong)(register - before - 1) << RankBits) | rank);
        before = register;
    }
}
