using System.Globalization;
using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>Looks for a text in <c>10/Oct/2000:13:55:36 -0700</c>, writing only the times that may hold it.</summary>
static class ClfScan
{
    static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>Keeps the rows whose time is written with the text.</summary>
    public static void Apply(TextProbe probe, LineVector.PartSource part, RowBitmap rows)
    {
        var times = (TimestampVector)part.Column!;
        foreach (var fragment in probe.Fragments())
        {
            if (rows.IsEmpty())
            {
                return;
            }

            if (!MayBeIn(fragment, times))
            {
                ColumnScan.Apply(new ZoneFilter(fragment), part.Zone!, rows);
            }
        }

        Span<byte> text = stackalloc byte[32];
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (!probe.IsIn(text[..Timestamps.FormatClf(times.Nanoseconds[row], part.Zone!.Value(row), text)]))
            {
                rows[row] = false;
            }
        }
    }

    /// <summary>False where no time of the column, in whatever zone, is written with the word before its zone.</summary>
    static bool MayBeIn(TextProbe probe, TimestampVector times)
    {
        var word = Encoding.UTF8.GetString(probe.Needle);
        var isWhole = probe.WholeStart && probe.WholeEnd;
        if (!word.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return isWhole ? word.Length == 2 || (word.Length == 4 && HasYear(times, word)) : word.Length <= 4;
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
