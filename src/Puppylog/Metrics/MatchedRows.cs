using System.Collections.Immutable;
using Puppylog.Query.Filters;
using Puppylog.Records;

namespace Puppylog.Metrics;

/// <summary>
/// Which rows of a block the filters of a plan match: a condition that several have is looked at once, and filters that match
/// the same rows, as <c>status:&gt;=250</c> and <c>status:&gt;=300</c> mostly do, are one from there on.
/// </summary>
sealed class MatchedRows(RecordView view, MetricPlan plan)
{
    readonly RowBitmap?[] _conditions = new RowBitmap?[plan.Conditions.Length];
    readonly bool[] _isKnown = new bool[plan.Conditions.Length];
    readonly List<RowSet> _sets = [];

    /// <summary>By hash of the rows.</summary>
    readonly Dictionary<long, RowSet> _known = [];

    /// <summary>Bits that came out empty or known, for the next.</summary>
    RowBitmap? _spare;

    /// <summary>The rows of each filter, none empty, and how they are grouped; and the same taken apart, each row in one set, those of a filter in several.</summary>
    /// <exception cref="CorruptDataException">A column does not verify.</exception>
    public (IReadOnlyList<GroupedRows> Sets, IReadOnlyList<GroupedRows> Apart) Find()
    {
        foreach (var filter in plan.Filters)
        {
            Add(filter);
        }

        var grouped = Grouped(_sets);
        return (grouped, DisjointRows.Of(_sets, view.Count) is { } apart ? Grouped(apart) : grouped);
    }

    List<GroupedRows> Grouped(List<RowSet> sets) => sets.ConvertAll(set => new GroupedRows(set.Rows, plan.Together(set.Filters)));

    void Add(FilterPlan filter)
    {
        foreach (var number in filter.Shared)
        {
            if (Condition(number) is null)
            {
                return;
            }
        }

        foreach (var own in filter.Own)
        {
            if (!own.MayMatch(view))
            {
                return;
            }
        }

        var rows = Take();
        foreach (var number in filter.Shared)
        {
            rows.And(Condition(number)!);
        }

        foreach (var own in filter.Own)
        {
            if (rows.IsEmpty())
            {
                break;
            }

            own.Apply(view, rows);
        }

        Add(filter, rows);
    }

    void Add(FilterPlan filter, RowBitmap rows)
    {
        if (rows.IsEmpty())
        {
            _spare = rows;
            return;
        }

        var hash = (long)Hash(rows.Words);
        _known.TryGetValue(hash, out var first);
        for (var known = first; known is not null; known = known.Next)
        {
            if (known.Rows.Words.SequenceEqual(rows.Words))
            {
                known.Filters.Add(filter);
                _spare = rows;
                return;
            }
        }

        _sets.Add(_known[hash] = new(rows, [filter]) { Next = first });
    }

    /// <summary>The rows that a shared condition matches; null where none.</summary>
    RowBitmap? Condition(int number)
    {
        if (_isKnown[number])
        {
            return _conditions[number];
        }

        _isKnown[number] = true;
        var condition = plan.Conditions[number];
        if (!condition.MayMatch(view))
        {
            return null;
        }

        var rows = Take();
        condition.Apply(view, rows);
        if (rows.IsEmpty())
        {
            _spare = rows;
            return null;
        }

        return _conditions[number] = rows;
    }

    /// <summary>All rows.</summary>
    RowBitmap Take()
    {
        var rows = _spare ?? new RowBitmap(view.Count);
        _spare = null;
        rows.SetAll();
        return rows;
    }

    static ulong Hash(ReadOnlySpan<ulong> words)
    {
        var hash = 0UL;
        foreach (var word in words)
        {
            hash = (hash ^ word) * 0x9e3779b97f4a7c15;
            hash ^= hash >> 29;
        }

        return hash;
    }
}

/// <param name="Rows">Of a block.</param>
/// <param name="Groupings">How they are grouped.</param>
sealed record GroupedRows(RowBitmap Rows, ImmutableArray<GroupingPlan> Groupings);
