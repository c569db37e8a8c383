using Puppylog.Records;

namespace Puppylog.Query.Filters.Times;

/// <summary>A filter within a range of times: <c>--since</c> and <c>--until</c>.</summary>
/// <param name="inner">The query's own filter.</param>
/// <param name="since">The first nanosecond since 1970 UTC, or null.</param>
/// <param name="until">The first nanosecond after it, or null.</param>
sealed class WindowFilter(Filter inner, long? since, long? until) : Filter
{
    public Filter Inner => inner;

    public long? Since => since;

    public long? Until => until;

    public override void Apply(RecordView view, RowBitmap rows)
    {
        var times = view.Times.Nanoseconds;
        if ((since is { } first && view.MinTime < first) || (until is { } end && view.MaxTime >= end))
        {
            for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            {
                if (times[row] < (since ?? long.MinValue) || (until is not null && times[row] >= until))
                {
                    rows[row] = false;
                }
            }
        }

        inner.Apply(view, rows);
    }

    public override bool MayMatch(RecordView view) => inner.MayMatch(view);

    public override void NarrowTime(ref long min, ref long max)
    {
        inner.NarrowTime(ref min, ref max);
        min = Math.Max(min, since ?? long.MinValue);
        max = Math.Min(max, (until - 1) ?? long.MaxValue);
    }

    public override void AddFields(ISet<string> fields)
    {
        fields.Add(FieldNames.Time);
        inner.AddFields(fields);
    }

    public override string ToString() =>
        $"{(since is { } first ? $"_time:>={Timestamps.ToRfc3339(first)} " : "")}{(until is { } end ? $"_time:<{Timestamps.ToRfc3339(end)} " : "")}({inner})";
}
