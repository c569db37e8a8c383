using Puppylog.Query.Filters.Automata;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>
/// Passes times as access logs write them, <c>10/Oct/2000:13:55:36 -0700</c>: all at once where no time of the day leads
/// elsewhere than another, else once per second.
/// </summary>
static class ClfTimeWalk
{
    const int DateLength = 12;

    public static StateGroups Advance(in Passage passage, LineVector.PartSource part, StateGroups groups, int count)
    {
        var times = (TimestampVector)part.Column!;
        var zone = part.Zone!;
        var form = zone is ConstantVector constant ? Form(times, constant.Constant) : null;
        var target = new StateGroups(count);
        foreach (var (state, rows) in groups.All)
        {
            if (state < ByteAutomaton.FirstOpen)
            {
                target.Add(state, rows);
            }
            else if (form is not null && passage.Automaton.TryPassForm(state, form, passage.Following, out var next))
            {
                target.Add(next, rows);
            }
            else
            {
                EachSecond(passage, times, zone, state, rows, target);
            }
        }

        return target;
    }

    static void EachSecond(in Passage passage, TimestampVector times, ColumnVector zone, int state, RowBitmap rows, StateGroups target)
    {
        Span<byte> text = stackalloc byte[Timestamps.ClfLength + 8];
        var (second, known) = (long.MinValue, 0);
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var time = times.Nanoseconds[row];
            var its = Timestamps.FloorDiv(time, Timestamps.Second);
            if (its != second || zone is not ConstantVector)
            {
                known = passage.After(state, text[..Timestamps.FormatClf(time, zone.Value(row), text)]);
                second = its;
            }

            target.Add(known, row);
        }
    }

    /// <summary>The bytes that may stand at each place of the times; null where they are of more than one day.</summary>
    static byte[][]? Form(TimestampVector times, byte[] zone)
    {
        if (times.Count == 0)
        {
            return null;
        }

        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var time in times.Nanoseconds.AsSpan(0, times.Count))
        {
            min = Math.Min(min, time);
            max = Math.Max(max, time);
        }

        Span<byte> first = stackalloc byte[Timestamps.ClfLength];
        Span<byte> last = stackalloc byte[Timestamps.ClfLength];
        var length = Timestamps.FormatClf(min, zone, first);
        Timestamps.FormatClf(max, zone, last);
        if (!first[..DateLength].SequenceEqual(last[..DateLength]))
        {
            return null;
        }

        // From the first figure on in which the ends differ any may stand, those of minutes and seconds below 6.
        var form = new byte[length][];
        var differs = false;
        for (var i = 0; i < length; i++)
        {
            differs |= i < DateLength + 8 && first[i] != last[i];
            form[i] = !differs || first[i] == ':' || i >= DateLength + 8 ? [first[i]]
                : i is DateLength + 3 or DateLength + 6 ? "012345"u8.ToArray() : "0123456789"u8.ToArray();
        }

        return form;
    }
}
