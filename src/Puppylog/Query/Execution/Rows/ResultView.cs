using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>Computed rows in memory: what <c>stats</c>, <c>top</c>, <c>sort</c> and the like hand on.</summary>
sealed class ResultView : ShapedView
{
    readonly Dictionary<string, ColumnVector> _columns = new(StringComparer.Ordinal);
    readonly List<string> _names = [];
    TimestampVector? _times;

    public ResultView(int count, bool isRecords = false)
    {
        Count = count;
        IsRecords = isRecords;
    }

    public override int Count { get; }

    public override bool IsRecords { get; }

    public override IReadOnlyList<string> OutputFields => _names;

    public override long MinTime => Column(Records.FieldNames.Time) is TimestampVector times ? Min(times) : 0;

    public override long MaxTime => Column(Records.FieldNames.Time) is TimestampVector times ? Max(times) : 0;

    /// <summary>All 0 where the rows have no <c>_time</c>.</summary>
    public override TimestampVector Times =>
        _times ??= Column(Records.FieldNames.Time) as TimestampVector ?? new TimestampVector(Count, new long[Count]);

    public ResultView Add(string name, ColumnVector column)
    {
        if (!_columns.ContainsKey(name) && (name != Records.FieldNames.Raw || !IsRecords))
        {
            _names.Add(name);
        }

        _columns[name] = column;
        return this;
    }

    public override ColumnVector? Column(string name) => _columns.GetValueOrDefault(name);

    static long Min(TimestampVector times)
    {
        var min = long.MaxValue;
        foreach (var time in times.Nanoseconds.AsSpan(0, times.Count))
        {
            min = Math.Min(min, time);
        }

        return min;
    }

    static long Max(TimestampVector times)
    {
        var max = long.MinValue;
        foreach (var time in times.Nanoseconds.AsSpan(0, times.Count))
        {
            max = Math.Max(max, time);
        }

        return max;
    }
}
