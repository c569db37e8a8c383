using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Watch;

/// <summary>
/// Plays records by their own times. Logs are written a little out of order, so a second is evaluated, and an interval
/// told, when the log has gone <see cref="Lag"/> seconds past it. Intervals are multiples of their length since 1970.
/// </summary>
/// <remarks>
/// Time is the latest time so far. One record more than <see cref="Jump"/> seconds ahead does not move it, a second one in
/// a row does: a single wrong time must not make everything after it late, and a long silence must not go unseen.
/// </remarks>
/// <param name="state">What is watched.</param>
/// <param name="display">Is told what happened.</param>
/// <param name="counts">The log's hits per second where they are known beforehand: then the alert is exact whatever the order of the lines.</param>
sealed class ReplayTraffic(WatchState state, IWatchDisplay display, SecondCounts? counts = null) : ITrafficSink
{
    /// <summary>Seconds that a line may come late and still be counted where it belongs.</summary>
    public const int Lag = 60;

    /// <summary>Seconds.</summary>
    public const int Jump = 3600;

    /// <summary>Intervals that wait for their end. Reached by wrong times only; lines of further ones are counted as late.</summary>
    const int MaxOpen = 512;

    readonly int _interval = state.Settings.Interval;
    readonly SortedList<long, OpenInterval> _open = [];
    long _time = long.MinValue;
    long? _ahead;
    long _latest = long.MinValue;
    long _told = long.MinValue;
    long _late;
    long _invalid;

    /// <summary>Of the records at hand.</summary>
    ColumnVector? _status;

    public void Take(RecordView records, long invalid)
    {
        lock (state.Sync)
        {
            var times = records.Times.Nanoseconds;
            _status = records.Column(FieldNames.Status);
            for (var row = 0; row < records.Count; row++)
            {
                Take(records, row, Timestamps.FloorDiv(times[row], Timestamps.Second));
            }

            foreach (var interval in _open.Values)
            {
                interval.Flush(records);
            }

            _invalid += invalid;
            state.Requests += records.Count;
        }
    }

    /// <summary>The log has ended: tells what is open and runs on until nothing can fire or recover any more.</summary>
    public void End()
    {
        lock (state.Sync)
        {
            while (_open.Count > 0)
            {
                EndFirst(null);
            }

            if (counts?.Latest is { } last)
            {
                _latest = Math.Max(_latest, last);
            }

            if (_latest != long.MinValue)
            {
                AdvanceAlert(_latest + state.Settings.Rule.Window + 1);
            }

            if (_invalid > 0 || _late > 0)
            {
                display.Unplaced(_invalid, _late);
            }
        }
    }

    void Take(RecordView records, int row, long second)
    {
        if (second > _time)
        {
            Follow(records, second);
        }
        else
        {
            _ahead = null;
        }

        var start = Timestamps.FloorDiv(second, _interval) * _interval;
        if (!_open.TryGetValue(start, out var interval))
        {
            if (start < _told || _open.Count >= MaxOpen)
            {
                _late++;
                if (_open.Count < MaxOpen)
                {
                    AddToAlert(second);
                }

                return;
            }

            interval = new OpenInterval(start);
            _open.Add(start, interval);
        }

        interval.Rows.Add(row);
        _latest = Math.Max(_latest, second);
        AddToAlert(second);
        if (second <= _time)
        {
            state.Rates.Add(second, 1);
            state.Errors.Add(second, _status is { } status && status.Value(row) is [(byte)'5', _, _] ? 1 : 0);
        }
    }

    void AddToAlert(long second)
    {
        if (counts is null)
        {
            state.Alert.Add(second, 1);
        }
    }

    void AdvanceAlert(long second)
    {
        counts?.TellBefore(second, state.Alert);
        state.AdvanceAlert(second, display);
    }

    void Follow(RecordView records, long second)
    {
        if (_time != long.MinValue && second - _time > Jump)
        {
            if (_ahead is not { } other)
            {
                _ahead = second;
                return;
            }

            _time = Math.Min(other, second);
            var further = Math.Max(other, second);
            _ahead = further - _time > Jump ? further : null;
            _time = _ahead is null ? further : _time;
        }
        else
        {
            _time = second;
            _ahead = null;
        }

        state.Now = _time;
        state.Rates.Advance(_time);
        state.Errors.Advance(_time);
        while (_open.Count > 0 && _open.GetKeyAtIndex(0) + _interval <= _time - Lag)
        {
            EndFirst(records);
        }

        AdvanceAlert(_time - Lag);
        state.Current = _open.Count > 0 ? _open.GetValueAtIndex(0).Window : null;
    }

    void EndFirst(RecordView? records)
    {
        var interval = _open.GetValueAtIndex(0);
        _open.RemoveAt(0);
        if (records is not null)
        {
            interval.Flush(records);
        }

        var start = interval.Window.Start;
        if (_told != long.MinValue && start > _told)
        {
            AdvanceAlert(start);
            display.Silence(_told, start, (start - _told) / _interval);
        }

        AdvanceAlert(start + _interval);
        interval.Window.AddInvalid(_invalid);
        interval.Window.AddLate(_late);
        _invalid = _late = 0;
        _told = start + _interval;
        state.EndInterval(state.Summarize(interval.Window, _told), display);
    }

    /// <summary>An interval whose rows of the view at hand are gathered first and counted together.</summary>
    sealed class OpenInterval(long start)
    {
        public TrafficWindow Window { get; } = new(start);

        public List<int> Rows { get; } = [];

        public void Flush(RecordView records)
        {
            Window.Add(records, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Rows));
            Rows.Clear();
        }
    }
}
