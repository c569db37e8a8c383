using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>
/// Puts a value's indexed words into a filter, 64 bytes at a time: a bit per byte says whether it belongs to a word, and
/// runs of four or more such bits are words; shorter ones are passed over without being looked at.
/// </summary>
static class WordSplitter
{
    const int Width = 64;

    /// <summary>Adds the words of a column's values.</summary>
    public static void AddWords(in ColumnInput column, WordFilterBuilder filter)
    {
        foreach (var stretch in column.Stretches)
        {
            AddWords(column.Bytes, stretch.Offset, stretch.Length, filter);
        }

        var rows = column.Stretches.IsEmpty ? column.Rows : default;
        for (var i = 0; i < rows.Length; i++)
        {
            column.Prefetch(i + ColumnInput.Ahead);
            var span = column.Spans[rows[i]];
            AddWords(column.Bytes, span.Offset, Math.Max(0, span.Length), filter);
        }
    }

    public static void AddWords(ReadOnlySpan<byte> value, WordFilterBuilder filter) => AddWords(value, 0, value.Length, filter);

    /// <summary>
    /// Adds the words of a value, or of several with a byte between them that is no word's, which lies among others, whose
    /// bytes may be read along with it.
    /// </summary>
    /// <param name="text">All values.</param>
    /// <param name="offset">Where the value begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="filter">Takes the words.</param>
    public static void AddWords(ReadOnlySpan<byte> text, int offset, int length, WordFilterBuilder filter)
    {
        var end = text[..(offset + length)].Length;
        ref var first = ref MemoryMarshal.GetReference(text);
        for (var at = offset; at < end;)
        {
            var rest = end - at;
            var own = rest < Width ? (1UL << rest) - 1 : ulong.MaxValue;
            var word = text.Length - at >= Width
                ? WordBits(ref Unsafe.Add(ref first, at), out var other)
                : PaddedBits(text[at..], out other);
            if ((other & own) != 0)
            {
                // What letters of other scripts join is for the common definition to say: no word goes past a line's end.
                var line = text[at..end];
                var newline = line.IndexOf((byte)'\n');
                AddSlowly(newline < 0 ? line : line[..newline], filter);
                at += newline < 0 ? line.Length : newline + 1;
                continue;
            }

            word &= own;
            var next = at + Width;
            if (rest > Width && (long)word < 0)
            {
                // A word that reaches the window's end is left for the next window, unless it began this one.
                var run = BitOperations.LeadingZeroCount(~word);
                if (run == Width)
                {
                    at = AddLong(text[at..end], filter) + at;
                    continue;
                }

                next -= run;
                word &= ulong.MaxValue >> run;
            }

            // Bits where a run of four or more begins or goes on: without any, as in addresses, nothing is to be done.
            var four = word & (word >> 1);
            four &= four >> 2;
            for (var starts = four & ~(four << 1); starts != 0; starts &= starts - 1)
            {
                var start = BitOperations.TrailingZeroCount(starts);
                var size = BitOperations.TrailingZeroCount(~(word >> start));
                var found = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref first, at + start), size);
                if (size > IndexedWords.MinLength || IndexedWords.IsIndexed(found))
                {
                    filter.Add(WordHash.Compute(found));
                }
            }

            at = next;
        }
    }

    /// <summary>Adds a word that is as long as the window, and goes on to its end byte by byte; returns how many bytes are done with.</summary>
    static int AddLong(ReadOnlySpan<byte> rest, WordFilterBuilder filter)
    {
        var taken = Width;
        while (taken < rest.Length && rest[taken] < 0x80 && IsWord(rest[taken]))
        {
            taken++;
        }

        if (taken < rest.Length && rest[taken] >= 0x80)
        {
            var newline = rest.IndexOf((byte)'\n');
            AddSlowly(newline < 0 ? rest : rest[..newline], filter);
            return newline < 0 ? rest.Length : newline + 1;
        }

        filter.Add(WordHash.Compute(rest[..taken]));
        return taken;
    }

    static void AddSlowly(ReadOnlySpan<byte> value, WordFilterBuilder filter)
    {
        var at = 0;
        while (Words.TryNext(value, ref at, out var word))
        {
            if (IndexedWords.IsIndexed(word))
            {
                filter.Add(WordHash.Compute(word));
            }
        }
    }

    static ulong PaddedBits(ReadOnlySpan<byte> rest, out ulong other)
    {
        Span<byte> padded = stackalloc byte[Width];
        padded.Clear();
        rest.CopyTo(padded);
        return WordBits(ref MemoryMarshal.GetReference(padded), out other);
    }

    /// <summary>A bit for each of 64 bytes that belongs to a word, and one for each that is not ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong WordBits(ref byte start, out ulong other)
    {
        var low = Vector256.LoadUnsafe(ref start);
        var high = Vector256.LoadUnsafe(ref start, 32);
        other = low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
        return WordBits(low) | ((ulong)WordBits(high) << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint WordBits(Vector256<byte> bytes)
    {
        var letters = Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)25));
        var digits = Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9));
        return (letters | digits | Vector256.Equals(bytes, Vector256.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';
}
