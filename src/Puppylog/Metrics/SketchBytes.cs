using System.Numerics;
using System.Runtime.Intrinsics;
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
        var target = writer.Reserve(used * Varints.MaxLength);
        var (length, before) = (0, -1);
        for (var start = 0; start < registers.Length; start += Vector256<byte>.Count)
        {
            // Of 32 registers those that are not 0: how many are left out before each, and its value.
            var set = ~Vector256.Equals(Vector256.Create(registers[start..]), Vector256<byte>.Zero).ExtractMostSignificantBits();
            for (; set != 0; set &= set - 1)
            {
                var at = start + BitOperations.TrailingZeroCount(set);
                Varints.Write(((ulong)(at - before - 1) << RankBits) | registers[at], target, ref length);
                before = at;
            }
        }

        writer.Advance(length);
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

        var left = reader.Size(DistinctSketch.RegisterCount);
        reader.Bytes(Varints.Length(reader.Rest, left));
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
        var left = reader.Size(DistinctSketch.RegisterCount);
        var bytes = reader.Rest;
        var at = 0;
        for (; left > 0; left--)
        {
            var step = Varints.Read(bytes, ref at);
            register += 1 + (long)(step >> RankBits);
            if (register >= DistinctSketch.RegisterCount)
            {
                throw new CorruptDataException($"a register {register} of a sketch of {DistinctSketch.RegisterCount}");
            }

            sketch.Raise((int)register, (byte)(step & RankMask));
        }

        reader.Bytes(at);
    }
}
