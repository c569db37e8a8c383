using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>Finds the matching rows of one block. Thread-safe.</summary>
sealed class BlockScan(QueryPlan plan, QueryOptions options)
{
    /// <summary>Null where nothing matches, or where the block is damaged and was reported.</summary>
    public MatchedBlock? Find(int ordinal, RecordBlock block, bool byTime)
    {
        try
        {
            var view = block.Open();
            if (!plan.Filter.MayMatch(view))
            {
                return null;
            }

            var matching = RowBitmap.All(view.Count);
            plan.Filter.Apply(view, matching);
            return matching.IsEmpty() ? null : Shape(ordinal, block, view, matching.ToRows(), byTime);
        }
        catch (CorruptDataException damage)
        {
            options.OnDamage?.Invoke(block, damage);
            return null;
        }
    }

    /// <summary>Opens a block again for rows that are known to match.</summary>
    public MatchedBlock? Reopen(MatchedBlock found)
    {
        try
        {
            return Shape(found.Ordinal, found.Block, found.Block.Open(), found.Rows, byTime: false);
        }
        catch (CorruptDataException damage)
        {
            options.OnDamage?.Invoke(found.Block, damage);
            return null;
        }
    }

    MatchedBlock? Shape(int ordinal, RecordBlock block, RecordView view, int[] rows, bool byTime)
    {
        foreach (var pipe in plan.Prefix)
        {
            view = pipe.Apply(view, ref rows);
        }

        if (rows.Length == 0)
        {
            return null;
        }

        if (byTime)
        {
            SortByTime(view, rows);
        }

        return new(ordinal, block, view, rows);
    }

    /// <summary>Rows of one time keep their order.</summary>
    static void SortByTime(RecordView view, int[] rows)
    {
        var times = view.Times.Nanoseconds;
        for (var i = 1; i < rows.Length; i++)
        {
            if (times[rows[i]] < times[rows[i - 1]])
            {
                rows.AsSpan().Sort((a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
                return;
            }
        }
    }
}
