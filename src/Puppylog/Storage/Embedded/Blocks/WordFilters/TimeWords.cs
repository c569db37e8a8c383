using System.Buffers;
using System.Buffers.Text;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>Words that lines have from a derived time (<see cref="TimeForm"/>), which no filter holds.</summary>
static class TimeWords
{
    /// <summary>What words of a date and a clock are made of.</summary>
    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789TtZz"u8);

    /// <summary>False where no time from the one to the other is written with this indexed word, in whatever form.</summary>
    public static bool MayBe(ReadOnlySpan<byte> word, long min, long max)
    {
        var other = word.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (other < 0)
        {
            return word.Length <= 9 || MayBeEpoch(word, min, max);
        }

        // A fraction and its Z; a day and its hour; a zone's name, of which those of three letters are not indexed.
        return !word.ContainsAnyExcept(Digits) || word.SequenceEqual("CEST"u8) || word.SequenceEqual("EEST"u8) || word.SequenceEqual("WEST"u8);
    }

    static bool MayBeEpoch(ReadOnlySpan<byte> word, long min, long max)
    {
        if (!Utf8Parser.TryParse(word, out long number, out var taken) || taken != word.Length)
        {
            return false;
        }

        for (var unit = 1L; unit <= Timestamps.Second; unit *= 1000)
        {
            if (number >= Timestamps.FloorDiv(min, unit) && number <= Timestamps.FloorDiv(max, unit))
            {
                return true;
            }
        }

        return false;
    }
}
