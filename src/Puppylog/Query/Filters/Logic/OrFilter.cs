using System.Collections.Immutable;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Logic;

/// <summary><c>a or b</c>: at least one of them.</summary>
sealed class OrFilter(ImmutableArray<Filter> filters) : Filter
{
    public ImmutableArray<Filter> Filters { get; } = filters;

    public override void Apply(RecordView view, RowBitmap rows)
    {
        var open = rows.Clone();
        foreach (var filter in Filters)
        {
            if (open.IsEmpty())
            {
                return;
            }

            var found = open.Clone();
            filter.Apply(view, found);
            open.AndNot(found);
        }

        rows.AndNot(open);
    }

    public override bool MayMatch(RecordView view)
    {
        foreach (var filter in Filters)
        {
            if (filter.MayMatch(view))
            {
                return true;
            }
        }

        return false;
    }

    public override void NarrowTime(ref long min, ref long max)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var filter in Filters)
        {
            var (from, to) = (min, max);
            filter.NarrowTime(ref from, ref to);
            if (from <= to)
            {
                first = Math.Min(first, from);
                last = Math.Max(last, to);
            }
        }

        (min, max) = (Math.Max(min, first), Math.Min(max, last));
    }

    public override void AddFields(ISet<string> fields)
    {
        foreach (var filter in Filters)
        {
            filter.AddFields(fields);
        }
    }

    public override string ToString() => string.Join(" or ", Filters.Select(filter => filter.ToString()));
}
