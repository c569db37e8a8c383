using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>
/// Puts a value's indexed words into a filter, 32 bytes at a time: a bit per byte says whether it belongs to a word, and
/// runs of four or more such bits are words.
/// </summary>
static class WordSplitter
{
    const int Width = 32;

    public static void AddWords(ReadOnlySpan<byte> value, WordFilterBuilder filter) => AddWords(value, 0, value.Length, filter);

    /// <summary>Adds the words of a value that lies among others, whose bytes may be read along with it.</summary>
    /// <param name="text">All values.</param>
    /// <param name="offset">Where the value begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="filter">Takes the words.</param>
    public static void AddWords(ReadOnlySpan<byte> text, int offset, int length, WordFilterBuilder filter)
    {
        var value = text.Slice(offset, length);
        var readable = text.Length - offset;
        for (var at = 0; at < value.Length;)
        {
            var rest = value[at..];
            var bytes = readable - at >= Width ? Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(rest)) : Padded(rest);
            if (rest.Length < Width)
            {
                // What follows the value is not its own.
                bytes &= Vector256.LessThan(Places, Vector256.Create((byte)rest.Length));
            }

            if (bytes.ExtractMostSignificantBits() != 0)
            {
                // What letters of other scripts join is for the common definition to say.
                AddSlowly(rest, filter);
                return;
            }

            var taken = AddRuns(rest, WordBits(bytes), filter);
            if (taken == 0)
            {
                // A word as long as the window: byte by byte to its end.
                taken = Width;
                while (taken < rest.Length && rest[taken] < 0x80 && IsWord(rest[taken]))
                {
                    taken++;
                }

                if (taken < rest.Length && rest[taken] >= 0x80)
                {
                    AddSlowly(rest, filter);
                    return;
                }

                filter.Add(WordHash.Compute(rest[..taken]));
            }

            at += taken;
        }
    }

    static Vector256<byte> Places => Vector256<byte>.Indices;

    static Vector256<byte> Padded(ReadOnlySpan<byte> rest)
    {
        Span<byte> padded = stackalloc byte[Width];
        padded.Clear();
        rest.CopyTo(padded);
        return Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(padded));
    }

    /// <summary>
    /// Adds the words that end within the window; returns how many bytes are done with. A word that reaches the window's
    /// end is left for the next window, unless it began this one.
    /// </summary>
    static int AddRuns(ReadOnlySpan<byte> rest, uint word, WordFilterBuilder filter)
    {
        var isLast = rest.Length <= Width;
        var end = Width;
        if (!isLast && (word & 0x8000_0000) != 0)
        {
            var run = BitOperations.LeadingZeroCount(~word);
            end = Width - run;
            if (end == 0)
            {
                return 0;
            }

            word &= uint.MaxValue >> run;
        }

        // Bits where a run of four or more begins or goes on: without any, as in addresses, nothing is to be done.
        if ((word & (word >> 1) & (word >> 2) & (word >> 3)) != 0)
        {
            while (word != 0)
            {
                var start = BitOperations.TrailingZeroCount(word);
                var length = BitOperations.TrailingZeroCount(~(word >> start));
                var text = rest.Slice(start, length);
                if (IndexedWords.IsIndexed(text))
                {
                    filter.Add(WordHash.Compute(text));
                }

                // Adding the lowest bit carries through the run and clears it.
                word &= word + (1u << start);
            }
        }

        return isLast ? rest.Length : end;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint WordBits(Vector256<byte> bytes)
    {
        var letters = Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)25));
        var digits = Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9));
        return (letters | digits | Vector256.Equals(bytes, Vector256.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';
}
