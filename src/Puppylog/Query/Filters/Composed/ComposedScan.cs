using Puppylog.Query.Filters.Automata;
using Puppylog.Query.Filters.Scan;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>
/// Looks for text in values that are made of others, derived lines and templates, and composes only those for which the
/// filter's automaton has no answer.
/// </summary>
static class ComposedScan
{
    public static void Apply(ValueFilter filter, ColumnVector column, RowBitmap rows)
    {
        if (filter.Required is { } required)
        {
            var (found, maybe) = Run(required, column, rows);
            found.Or(maybe);
            rows.CopyFrom(found);
        }

        if (filter.Automaton is not { } automaton)
        {
            ColumnScan.ApplyEach(filter, column, rows);
            return;
        }

        var (accepted, undecided) = Run(automaton, column, rows);
        ColumnScan.ApplyEach(filter, column, undecided);
        accepted.Or(undecided);
        rows.CopyFrom(accepted);
    }

    static (RowBitmap Accepted, RowBitmap Undecided) Run(ByteAutomaton automaton, ColumnVector column, RowBitmap rows)
    {
        var groups = new StateGroups(rows.Count);
        ColumnWalk.Advance(new Passage(automaton, [], []), column, automaton.Start, rows, groups);
        return groups.Finish(automaton);
    }
}
