using Puppylog.Query.Filters.Automata;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes one part of a template with all groups of rows.</summary>
static class PartWalk
{
    public static StateGroups Advance(in Passage passage, ColumnVector? column, StateGroups groups, int count)
    {
        var target = new StateGroups(count);
        foreach (var (state, rows) in groups.All)
        {
            ColumnWalk.Advance(passage, column, state, rows, target);
        }

        return target;
    }
}
