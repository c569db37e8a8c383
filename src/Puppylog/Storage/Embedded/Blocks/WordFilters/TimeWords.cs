using System.Buffers.Text;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>Words that lines have from a derived time (<see cref="TimeForm"/>), which no filter holds.</summary>
static class TimeWords
{
    /// <summary>False where no time from the one to the other is written with this indexed word, in whatever form.</summary>
    public static bool MayBe(ReadOnlySpan<byte> word, long min, long max)
    {
        var other = word.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (other < 0)
        {
            return word.Length <= 9 || MayBeEpoch(word, min, max);
        }

        // A fraction and its Z; the day and the hour.
        return (other is > 0 and <= 9 && other == word.Length - 1 && word[other] is (byte)'Z' or (byte)'z')
            || (other == 2 && word.Length == 5 && word[2] is (byte)'T' or (byte)'t' && !word[3..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
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
