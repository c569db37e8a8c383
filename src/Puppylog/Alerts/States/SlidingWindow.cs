using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>
/// A statistic over a window of a series, found for many neighbouring evaluations in one pass: a period is added when it
/// enters and taken out when it leaves. What was found is kept for the other rules that ask the same.
/// </summary>
sealed class SlidingWindow(PeriodSeries series, ObservedMetric metric, WindowStatistic statistic, int window)
{
    /// <summary>Whole numbers up to here stay exact in a sum of <see cref="AlertRule.LongestWindow"/> of them.</summary>
    const double LargestSummed = 1L << 36;

    readonly List<int> _extremes = [];
    (long First, long Last, WindowExtent Extent)? _live;
    (long First, long Last, WindowExtent Extent)? _settled;
    int _from;
    int _to;
    int _head;
    long _sum;

    /// <summary>Values in the window that cannot be taken out of a sum without a trace.</summary>
    int _inexact;

    public WindowStatistic Statistic => statistic;

    public int Window => window;

    /// <summary>A period's value is another one now.</summary>
    public void Changed(long start)
    {
        _live = _live?.Last > start ? null : _live;
        _settled = _settled?.Last > start ? null : _settled;
    }

    /// <param name="first">The first evaluation.</param>
    /// <param name="last">The last one.</param>
    /// <param name="isSettled">Who asks: each side has its own seconds.</param>
    public WindowExtent Over(long first, long last, bool isSettled)
    {
        ref var known = ref isSettled ? ref _settled : ref _live;
        (first, last) = (PeriodSeries.Floor(first, metric.Period), PeriodSeries.Floor(last, metric.Period));
        if (known is not { } found || found.First != first || found.Last != last)
        {
            known = found = (first, last, Find(first, last));
        }

        return found.Extent;
    }

    WindowExtent Find(long first, long last)
    {
        (_sum, _inexact, _head) = (0, 0, 0);
        _extremes.Clear();
        _from = _to = series.IndexFrom(first - window);
        WindowValue? least = null, most = null, newest = null;
        var isExact = statistic is not WindowStatistic.Avg || metric.ZeroWithoutRecords;
        var end = first;
        while (true)
        {
            MoveTo(end);
            newest = At(end);
            if (newest is { } value)
            {
                least = least is { } low && Compare(low, value) <= 0 ? low : value;
                most = most is { } high && Compare(high, value) >= 0 ? high : value;
            }

            var next = NextAfter(end);
            if (next > last)
            {
                break;
            }

            end = next;
        }

        return new(least, most, newest, isExact && least?.IsExact != false && most?.IsExact != false);
    }

    static int Compare(WindowValue left, WindowValue right) => left.Divisor == right.Divisor ? left.Numerator.CompareTo(right.Numerator) : left.Number.CompareTo(right.Number);

    /// <summary>The next end of a window at which a period enters it, is no longer its newest one, or leaves it.</summary>
    long NextAfter(long end)
    {
        var starts = series.Starts;
        var next = long.MaxValue;
        if (_to < starts.Length)
        {
            next = starts[_to] + metric.Period;
        }

        if (_to > _from)
        {
            next = Math.Min(next, starts[_from] + window + metric.Period);
            if (statistic is WindowStatistic.Last && starts[_to - 1] + metric.Period == end)
            {
                next = end + metric.Period;
            }
        }

        return next;
    }

    void MoveTo(long end)
    {
        var starts = series.Starts;
        var values = series.Values;
        for (; _to < starts.Length && starts[_to] < end; _to++)
        {
            Take(values[_to], 1);
            Enqueue(values);
        }

        for (; _from < _to && starts[_from] < end - window; _from++)
        {
            Take(values[_from], -1);
        }

        while (_head < _extremes.Count && _extremes[_head] < _from)
        {
            _head++;
        }
    }

    void Take(double value, int times)
    {
        if (Math.Abs(value) <= LargestSummed && value == (long)value)
        {
            _sum += (long)value * times;
        }
        else
        {
            _inexact += times;
        }
    }

    /// <summary>Whoever is before a better one never is the extreme again.</summary>
    void Enqueue(ReadOnlySpan<double> values)
    {
        if (statistic is WindowStatistic.Min or WindowStatistic.Max)
        {
            while (_extremes.Count > _head && (statistic is WindowStatistic.Min ? values[_extremes[^1]] >= values[_to] : values[_extremes[^1]] <= values[_to]))
            {
                _extremes.RemoveAt(_extremes.Count - 1);
            }

            _extremes.Add(_to);
        }
    }

    WindowValue? At(long end)
    {
        var (present, periods) = (_to - _from, window / metric.Period);
        var starts = series.Starts;
        var values = series.Values;
        if (present == 0 && !metric.ZeroWithoutRecords)
        {
            return null;
        }

        switch (statistic)
        {
            case WindowStatistic.Avg:
                return new(Sum(values), metric.ZeroWithoutRecords ? periods : present);
            case WindowStatistic.Sum:
                return new(Sum(values));
            case WindowStatistic.Last:
                return new(metric.ZeroWithoutRecords && (present == 0 || starts[_to - 1] != end - metric.Period) ? 0 : values[_to - 1]);
            default:
                var hasGap = metric.ZeroWithoutRecords && present < periods;
                return new(present == 0 ? 0
                    : !hasGap ? values[_extremes[_head]]
                    : statistic is WindowStatistic.Min ? Math.Min(0, values[_extremes[_head]]) : Math.Max(0, values[_extremes[_head]]));
        }
    }

    double Sum(ReadOnlySpan<double> values) => _inexact == 0 ? _sum : PeriodSeries.Sum(values[_from.._to]);
}
