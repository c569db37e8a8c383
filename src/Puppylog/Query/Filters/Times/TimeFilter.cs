using Puppylog.Query.Filters.Scan;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Times;

/// <summary><c>_time:5m</c>, <c>_time:2026-11-21</c>, <c>_time:[a, b)</c>: the record's time lies in the range.</summary>
/// <param name="min">The first nanosecond that matches.</param>
/// <param name="max">The last one; before <paramref name="min"/> where none does.</param>
/// <param name="text">What stands after <c>_time:</c>.</param>
sealed class TimeFilter(long min, long max, string text) : Filter
{
    public long Min { get; } = min;

    public long Max { get; } = max;

    public override void Apply(RecordView view, RowBitmap rows)
    {
        if (view.MinTime >= Min && view.MaxTime <= Max)
        {
            return;
        }

        if (Min > Max || view.MinTime > Max || view.MaxTime < Min)
        {
            rows.Clear();
            return;
        }

        RowMasks.KeepRange(view.Times.Nanoseconds.AsSpan(0, view.Count), Min, Max, rows);
    }

    public override bool MayMatch(RecordView view) => Min <= Max && view.MinTime <= Max && view.MaxTime >= Min;

    public override void NarrowTime(ref long min, ref long max)
    {
        min = Math.Max(min, Min);
        max = Math.Min(max, Max);
    }

    public override void AddFields(ISet<string> fields) => fields.Add(FieldNames.Time);

    public override string ToString() => $"_time:{text}";
}
