using Puppylog.Query.Filters.Automata;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes times in one of the forms of <see cref="TimeForm"/>: all at once where none of their bytes leads elsewhere.</summary>
static class TimeWalk
{
    public static StateGroups Advance(in Passage passage, WrittenTimeVector written, StateGroups groups, int count)
    {
        var times = written.Times.Nanoseconds;
        var target = new StateGroups(count);
        Span<byte> text = stackalloc byte[TimeForm.MaxLength];
        foreach (var (state, rows) in groups.All)
        {
            if (passage.Automaton.TryPassAny(state, written.Form.Bytes, passage.Following, out var next))
            {
                target.Add(next, rows);
                continue;
            }

            var (last, known) = (0L, -1);
            for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            {
                if (known < 0 || times[row] != last)
                {
                    last = times[row];
                    known = passage.After(state, text[..written.Form.Write(last, text)]);
                }

                target.Add(known, row);
            }
        }

        return target;
    }
}
