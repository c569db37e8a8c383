using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Scan;

/// <summary>Keeps rows by what 64 of them at a time hold; words of the bitmap without a set row are not looked at.</summary>
static class RowMasks
{
    /// <summary>Keeps the rows whose code has a 1 in the table.</summary>
    public static void KeepCodes(ReadOnlySpan<ushort> codes, ReadOnlySpan<byte> table, RowBitmap rows)
    {
        var words = rows.Words;
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (word == 0)
            {
                continue;
            }

            var at = i << 6;
            ulong mask = 0;
            if (BitOperations.PopCount(word) < 16)
            {
                for (var left = word; left != 0; left &= left - 1)
                {
                    var bit = BitOperations.TrailingZeroCount(left);
                    mask |= (ulong)table[codes[at + bit]] << bit;
                }
            }
            else
            {
                var part = codes.Slice(at, Math.Min(64, rows.Count - at));
                for (var bit = 0; bit < part.Length; bit++)
                {
                    mask |= (ulong)table[part[bit]] << bit;
                }
            }

            words[i] = word & mask;
        }
    }

    /// <summary>Keeps the rows that have this one code.</summary>
    public static void KeepCode(ReadOnlySpan<ushort> codes, ushort code, RowBitmap rows)
    {
        var words = rows.Words;
        var wanted = Vector256.Create(code);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == 0)
            {
                continue;
            }

            var at = i << 6;
            ulong mask = 0;
            if (at + 64 <= rows.Count)
            {
                ref var first = ref MemoryMarshal.GetReference(codes.Slice(at, 64));
                for (nuint part = 0; part < 64; part += 16)
                {
                    var equal = Vector256.Equals(Vector256.LoadUnsafe(ref first, part), wanted);
                    mask |= (ulong)equal.ExtractMostSignificantBits() << (int)part;
                }
            }
            else
            {
                for (var bit = 0; at + bit < rows.Count; bit++)
                {
                    mask |= codes[at + bit] == code ? 1UL << bit : 0;
                }
            }

            words[i] &= mask;
        }
    }

    /// <summary>Keeps the rows whose integer is within the bounds, both included.</summary>
    public static void KeepRange(ReadOnlySpan<long> values, long min, long max, RowBitmap rows)
    {
        var words = rows.Words;
        var least = Vector256.Create(min);
        var most = Vector256.Create(max);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == 0)
            {
                continue;
            }

            var at = i << 6;
            ulong mask = 0;
            if (at + 64 <= rows.Count)
            {
                ref var first = ref MemoryMarshal.GetReference(values.Slice(at, 64));
                for (nuint part = 0; part < 64; part += 4)
                {
                    var four = Vector256.LoadUnsafe(ref first, part);
                    var within = Vector256.GreaterThanOrEqual(four, least) & Vector256.LessThanOrEqual(four, most);
                    mask |= (ulong)within.ExtractMostSignificantBits() << (int)part;
                }
            }
            else
            {
                for (var bit = 0; at + bit < rows.Count; bit++)
                {
                    var value = values[at + bit];
                    mask |= value >= min && value <= max ? 1UL << bit : 0;
                }
            }

            words[i] &= mask;
        }
    }

    /// <summary>Keeps the rows whose byte is this one.</summary>
    public static void KeepByte(ReadOnlySpan<byte> values, byte wanted, RowBitmap rows)
    {
        var words = rows.Words;
        var vector = Vector256.Create(wanted);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == 0)
            {
                continue;
            }

            var at = i << 6;
            ulong mask = 0;
            if (at + 64 <= rows.Count)
            {
                ref var first = ref MemoryMarshal.GetReference(values.Slice(at, 64));
                mask = Vector256.Equals(Vector256.LoadUnsafe(ref first), vector).ExtractMostSignificantBits()
                    | ((ulong)Vector256.Equals(Vector256.LoadUnsafe(ref first, 32), vector).ExtractMostSignificantBits() << 32);
            }
            else
            {
                for (var bit = 0; at + bit < rows.Count; bit++)
                {
                    mask |= values[at + bit] == wanted ? 1UL << bit : 0;
                }
            }

            words[i] &= mask;
        }
    }
}
