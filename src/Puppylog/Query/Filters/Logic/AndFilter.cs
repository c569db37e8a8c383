using System.Collections.Immutable;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Logic;

/// <summary><c>a b</c>, <c>a and b</c>: all of them.</summary>
sealed class AndFilter(ImmutableArray<Filter> filters) : Filter
{
    public ImmutableArray<Filter> Filters { get; } = filters;

    public override void Apply(RecordView view, RowBitmap rows)
    {
        foreach (var filter in Filters)
        {
            if (rows.IsEmpty())
            {
                return;
            }

            filter.Apply(view, rows);
        }
    }

    public override bool MayMatch(RecordView view)
    {
        foreach (var filter in Filters)
        {
            if (!filter.MayMatch(view))
            {
                return false;
            }
        }

        return true;
    }

    public override void NarrowTime(ref long min, ref long max)
    {
        foreach (var filter in Filters)
        {
            filter.NarrowTime(ref min, ref max);
        }
    }

    public override void AddFields(ISet<string> fields)
    {
        foreach (var filter in Filters)
        {
            filter.AddFields(fields);
        }
    }

    public override string ToString() => string.Join(" ", Filters.Select(filter => filter is OrFilter ? $"({filter})" : filter.ToString()));
}
