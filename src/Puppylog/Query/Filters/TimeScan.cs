using System.Buffers;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>Looks for a text in a time of one of the forms of <see cref="TimeForm"/>, writing times only where it may be in one.</summary>
static class TimeScan
{
    static readonly SearchValues<byte> WordBytes = SearchValues.Create("0123456789TtZz"u8);

    /// <summary>Keeps the rows whose time is written with the text.</summary>
    public static void Apply(TextProbe probe, LineVector.PartSource part, RowBitmap rows)
    {
        foreach (var fragment in probe.Fragments())
        {
            if (fragment.Needle.ContainsAnyExcept(WordBytes))
            {
                rows.Clear();
                return;
            }
        }

        var times = ((TimestampVector)part.Column!).Nanoseconds;
        Span<byte> text = stackalloc byte[TimeForm.MaxLength];
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (!probe.IsIn(text[..part.Time!.Write(times[row], text)]))
            {
                rows[row] = false;
            }
        }
    }
}
