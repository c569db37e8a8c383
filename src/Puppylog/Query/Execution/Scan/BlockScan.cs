using System.Collections.Immutable;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>Finds the matching rows of one block. Thread-safe.</summary>
sealed class BlockScan(QueryPlan plan, QueryOptions options, QueryContext context)
{
    readonly ImmutableArray<RowwisePipe> _prefix = [.. plan.Prefix.Select((pipe, i) => pipe.Bind(plan.NeededAfterPrefix(i), context))];

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
            var charge = new ViewCharge(view, context.Memory);
            charge.Update(0);
            var found = matching.IsEmpty() ? null : Shape(ordinal, block, view, matching, byTime, charge);
            if (found is null)
            {
                charge.Release();
            }

            return found;
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
            var view = found.Block.Open();
            var charge = new ViewCharge(view, context.Memory);
            var rows = found.Rows.ToArray();
            view = Shape(view, ref rows, charge);

            return rows.Length == 0 ? null : Finish(found.Ordinal, found.Block, view, rows, byTime: false, charge);
        }
        catch (CorruptDataException damage)
        {
            options.OnDamage?.Invoke(found.Block, damage);
            return null;
        }
    }

    MatchedBlock? Shape(int ordinal, RecordBlock block, RecordView view, RowBitmap matching, bool byTime, ViewCharge charge)
    {
        var count = matching.CountSet();
        if (_prefix.IsEmpty && count == view.Count)
        {
            return Finish(ordinal, block, view, FirstRows.Of(count), byTime, charge);
        }

        var rows = matching.ToRows();
        view = Shape(view, ref rows, charge);

        return rows.Length == 0 ? null : Finish(ordinal, block, view, rows, byTime, charge);
    }

    RecordView Shape(RecordView view, ref int[] rows, ViewCharge charge)
    {
        foreach (var pipe in _prefix)
        {
            view = pipe.Apply(view, ref rows);
            charge.Shaped(view);
            charge.Update(rows.Length);
        }

        return view;
    }

    static MatchedBlock Finish(int ordinal, RecordBlock block, RecordView view, ReadOnlyMemory<int> rows, bool byTime, ViewCharge charge)
    {
        if (byTime && !IsByTime(view, rows.Span))
        {
            rows = SortByTime(view, rows.Span);
        }

        charge.Update(rows.Length);
        return new(ordinal, block, view, rows, charge);
    }

    static bool IsByTime(RecordView view, ReadOnlySpan<int> rows)
    {
        var times = view.Times.Nanoseconds;
        for (var i = 1; i < rows.Length; i++)
        {
            if (times[rows[i]] < times[rows[i - 1]])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Rows of one time keep their order.</summary>
    static int[] SortByTime(RecordView view, ReadOnlySpan<int> rows)
    {
        var times = view.Times.Nanoseconds;
        var sorted = rows.ToArray();
        sorted.AsSpan().Sort((a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        return sorted;
    }
}
