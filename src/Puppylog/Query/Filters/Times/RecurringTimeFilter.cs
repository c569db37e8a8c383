using Puppylog.Records;

namespace Puppylog.Query.Filters.Times;

/// <summary><c>_time:day_range[08:00, 18:00)</c>, <c>_time:week_range[Mon, Fri]</c>: a part of each day or of each week.</summary>
/// <param name="period">The period's length, nanoseconds: a day or a week.</param>
/// <param name="shift">Nanoseconds to add to a time so that its period begins at a multiple of the length.</param>
/// <param name="first">The first nanosecond of a period that matches.</param>
/// <param name="last">The last one; before the first where none does.</param>
/// <param name="text">What stands after <c>_time:</c>.</param>
sealed class RecurringTimeFilter(long period, long shift, long first, long last, string text) : Filter
{
    public override void Apply(RecordView view, RowBitmap rows)
    {
        var times = view.Times.Nanoseconds;
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var offset = (long)(((Int128)times[row] + shift) % period);
            offset = offset < 0 ? offset + period : offset;
            if (offset < first || offset > last)
            {
                rows[row] = false;
            }
        }
    }

    public override void AddFields(ISet<string> fields) => fields.Add(FieldNames.Time);

    public override string ToString() => $"_time:{text}";
}
