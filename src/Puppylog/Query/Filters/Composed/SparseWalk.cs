using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes a column that few rows have: the others all at once.</summary>
static class SparseWalk
{
    public static void Advance(in Passage passage, SparseVector sparse, int state, RowBitmap rows, StateGroups target)
    {
        var chosen = new RowBitmap(sparse.Rows.Length);
        var absent = rows.Clone();
        for (var entry = 0; entry < sparse.Rows.Length; entry++)
        {
            var row = sparse.Rows[entry];
            chosen[entry] = rows[row];
            absent[row] = false;
        }

        if (!absent.IsEmpty())
        {
            target.Add(passage.AfterAbsent(state), absent);
        }

        var groups = new StateGroups(chosen.Count);
        ColumnWalk.Advance(passage, sparse.Values, state, chosen, groups);
        foreach (var (after, found) in groups.All)
        {
            for (var entry = found.Next(0); entry >= 0; entry = found.Next(entry + 1))
            {
                target.Add(after, sparse.Rows[entry]);
            }
        }
    }
}
