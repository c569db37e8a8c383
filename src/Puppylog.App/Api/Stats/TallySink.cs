using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.App.Api.Stats;

/// <summary>Counts requests by the day of their record.</summary>
/// <param name="mostDurations">Of a day that are told apart.</param>
sealed class TallySink(int mostDurations) : IResultSink
{
    readonly Dictionary<long, RequestTally> _days = [];
    RecordView? _view;
    NumberColumn _status = new(null);
    NumberColumn _duration = new(null);

    public bool ReadsRaw => false;

    /// <summary>By day since 1970.</summary>
    public IReadOnlyDictionary<long, RequestTally> Days => _days;

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        if (!ReferenceEquals(view, _view))
        {
            _status = new(FieldResolver.Resolve(view, FieldNames.Status));
            _duration = new(FieldResolver.Resolve(view, FieldNames.Duration));
            _view = view;
        }

        var times = view.Times.Nanoseconds;
        var (day, tally) = (long.MinValue, (RequestTally?)null);
        foreach (var row in rows)
        {
            var own = Timestamps.FloorDiv(times[row], RequestStats.DayLength);
            if (tally is null || own != day)
            {
                day = own;
                if (!_days.TryGetValue(day, out tally))
                {
                    _days[day] = tally = new(mostDurations);
                }
            }

            tally.AddStatus(_status.TryRead(row, out var status, out _, out _) ? status : 0);
            if (_duration.TryRead(row, out var seconds, out _, out _) && double.IsFinite(seconds))
            {
                tally.AddDuration(seconds);
            }
        }

        return true;
    }
}
