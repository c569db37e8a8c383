using System.Runtime.InteropServices;
using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>A segment's values by period, those without one left out. Times are seconds since 1970 UTC.</summary>
sealed class PeriodSeries(ObservedMetric metric)
{
    readonly List<long> _starts = [];
    readonly List<double> _values = [];

    /// <summary>Where the list begins: what lies before was dropped and is cleared away now and then.</summary>
    int _head;

    readonly List<SlidingWindow> _windows = [];

    public int Count => _starts.Count - _head;

    /// <summary>In order.</summary>
    public ReadOnlySpan<long> Starts => CollectionsMarshal.AsSpan(_starts)[_head..];

    /// <summary>As <see cref="Starts"/>.</summary>
    public ReadOnlySpan<double> Values => CollectionsMarshal.AsSpan(_values)[_head..];

    /// <summary>The one that all who ask for this statistic and window share.</summary>
    public SlidingWindow Window(WindowStatistic statistic, int window)
    {
        var shared = _windows.Find(known => known.Statistic == statistic && known.Window == window);
        if (shared is null)
        {
            _windows.Add(shared = new(this, metric, statistic, window));
        }

        return shared;
    }

    /// <summary>Sets a period's value, or what it has been corrected to; false where it was that already.</summary>
    public bool Set(long start, double? value)
    {
        start = Floor(start, metric.Period);
        var isChange = Put(start, value);
        if (isChange)
        {
            _windows.ForEach(window => window.Changed(start));
        }

        return isChange;
    }

    public void Set(ReadOnlySpan<(long Start, double? Value)> values)
    {
        foreach (var (start, value) in values)
        {
            Set(start, value);
        }
    }

    bool Put(long start, double? value)
    {
        var index = IndexOf(start);
        var known = index < _starts.Count && _starts[index] == start;
        if (value is not { } number || !double.IsFinite(number))
        {
            if (known)
            {
                _starts.RemoveAt(index);
                _values.RemoveAt(index);
            }

            return known;
        }

        if (known)
        {
            var same = _values[index].Equals(number);
            _values[index] = number;
            return !same;
        }

        _starts.Insert(index, start);
        _values.Insert(index, number);
        return true;
    }

    public void DropBefore(long second)
    {
        _head = IndexOf(second);
        if (_head > 1024 && _head > Count)
        {
            _starts.RemoveRange(0, _head);
            _values.RemoveRange(0, _head);
            _head = 0;
        }
    }

    /// <summary>The first period that begins at or after a second.</summary>
    public long? FirstFrom(long second) => IndexOf(second) is var index && index < _starts.Count ? _starts[index] : null;

    /// <summary>The last period that begins before a second.</summary>
    public long? LastBefore(long second) => IndexOf(second) is var index && index > _head ? _starts[index - 1] : null;

    /// <summary>Where in <see cref="Starts"/> the first period is that begins at or after a second.</summary>
    public int IndexFrom(long second) => IndexOf(second) - _head;

    /// <summary>The longest time, at one of the evaluations after a second up to another, since the last period that had begun.</summary>
    public long LongestSilence(long after, long until)
    {
        var starts = Starts;
        var index = IndexFrom(after + 1);
        if (index == 0)
        {
            return long.MaxValue;
        }

        var longest = 0L;
        for (; index < starts.Length && starts[index] < until; index++)
        {
            longest = Math.Max(longest, starts[index] - starts[index - 1]);
        }

        return Math.Max(longest, until - starts[index - 1]);
    }

    /// <summary>The statistic over the whole periods of a window that ended at or just before a second; none without a value.</summary>
    public WindowValue? Compute(WindowStatistic statistic, int window, long second)
    {
        var end = Floor(second, metric.Period);
        var from = IndexOf(end - window);
        var to = IndexOf(end);
        var periods = window / metric.Period;
        var present = to - from;
        if (present == 0 && !metric.ZeroWithoutRecords)
        {
            return null;
        }

        var values = CollectionsMarshal.AsSpan(_values)[from..to];
        var gap = metric.ZeroWithoutRecords && present < periods;
        switch (statistic)
        {
            case WindowStatistic.Avg:
                return new(Sum(values), metric.ZeroWithoutRecords ? periods : present);
            case WindowStatistic.Sum:
                return new(Sum(values));
            case WindowStatistic.Last:
                return new(metric.ZeroWithoutRecords && (present == 0 || _starts[to - 1] != end - metric.Period) ? 0 : values[^1]);
            default:
                var extreme = gap ? 0 : values[0];
                foreach (var value in values)
                {
                    extreme = statistic is WindowStatistic.Min ? Math.Min(extreme, value) : Math.Max(extreme, value);
                }

                return new(extreme);
        }
    }

    public static long Floor(long second, int period) => second - (((second % period) + period) % period);

    public static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    int IndexOf(long start)
    {
        // Values come in order nearly always.
        if (_starts.Count == _head || _starts[^1] < start)
        {
            return _starts.Count;
        }

        var index = _starts.BinarySearch(_head, Count, start, null);
        return index < 0 ? ~index : index;
    }
}
