using System.Globalization;
using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>The words of <c>10/Oct/2000:13:55:36</c>, the zone left out.</summary>
static class ClfWords
{
    static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>False where no time of the column, in whatever zone, is written with the word.</summary>
    public static bool MayBeIn(TextProbe probe, LineVector.PartSource time)
    {
        var word = Encoding.UTF8.GetString(probe.Needle);
        var isWhole = probe.WholeStart && probe.WholeEnd;
        if (!word.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return isWhole ? word.Length == 2 || (word.Length == 4 && HasYear((TimestampVector)time.Column!, word)) : word.Length <= 4;
        }

        var comparison = probe.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Array.Exists(Months, month => isWhole ? month.Equals(word, comparison) : month.Contains(word, comparison));
    }

    static bool HasYear(TimestampVector times, string word)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var time in times.Nanoseconds.AsSpan(0, times.Count))
        {
            min = Math.Min(min, time);
            max = Math.Max(max, time);
        }

        // A zone moves a time by less than a day.
        var year = int.Parse(word, CultureInfo.InvariantCulture);
        return year >= Timestamps.CivilFromDays(Timestamps.DayOf(min) - 1).Year && year <= Timestamps.CivilFromDays(Timestamps.DayOf(max) + 1).Year;
    }
}
