using System.Runtime.InteropServices;
using Puppylog.Query.Execution;
using Puppylog.Query.Values;

namespace Puppylog.App.Api.Stats;

/// <summary>Requests of a while, so that several whiles can be brought together: counts, and how often each duration came.</summary>
sealed class RequestTally
{
    const long SketchMemory = 64L << 20;
    const int BytesPerDuration = 24;
    const int SketchBytes = 16 << 10;

    /// <summary>Durations that are told apart; more become an estimate.</summary>
    readonly int _most;
    Dictionary<double, long>? _durations = [];
    QuantileSketch? _sketch;
    double _sum;

    public RequestTally(int mostDurations) => _most = mostDurations;

    public long Requests { get; private set; }

    public long Successful { get; private set; }

    /// <summary>Requests with a duration.</summary>
    public long Timed { get; private set; }

    /// <summary>About.</summary>
    public long Bytes => 200 + (_durations is { } known ? (long)known.Count * BytesPerDuration : SketchBytes);

    /// <summary>Seconds; null without any.</summary>
    public double? Average => Timed == 0 ? null : _sum / Timed;

    public void AddStatus(double status)
    {
        Requests++;
        Successful += status is >= 200 and < 400 ? 1 : 0;
    }

    public void AddDuration(double seconds)
    {
        Timed++;
        _sum += seconds;
        Add(seconds, 1);
    }

    public void Merge(RequestTally other)
    {
        Requests += other.Requests;
        Successful += other.Successful;
        Timed += other.Timed;
        _sum += other._sum;
        if (other._sketch is { } sketch)
        {
            Sketch().Merge(sketch);
            return;
        }

        foreach (var (seconds, count) in other._durations!)
        {
            Add(seconds, count);
        }
    }

    /// <summary>Of n sorted durations the one at index ⌊phi·n⌋, as the function <c>quantile</c> has it; null without any.</summary>
    public double? Quantile(double phi)
    {
        if (Timed == 0)
        {
            return null;
        }

        var index = Math.Min(Timed - 1, (long)(phi * Timed));
        if (_sketch is { } sketch)
        {
            return sketch.At(index);
        }

        foreach (var (seconds, count) in _durations!.OrderBy(duration => duration.Key))
        {
            index -= count;
            if (index < 0)
            {
                return seconds;
            }
        }

        return null;
    }

    void Add(double seconds, long count)
    {
        if (_durations is { } known)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(known, seconds, out _) += count;
            if (known.Count > _most)
            {
                Sketch();
            }
        }
        else
        {
            AddTo(_sketch!, seconds, count);
        }
    }

    QuantileSketch Sketch()
    {
        if (_sketch is null)
        {
            _sketch = new(new QueryMemory(SketchMemory));
            foreach (var (seconds, count) in _durations!)
            {
                AddTo(_sketch, seconds, count);
            }

            _durations = null;
        }

        return _sketch;
    }

    static void AddTo(QuantileSketch sketch, double seconds, long count) => sketch.Merge([(QuantileSketch.Bucket(seconds), count)], seconds, seconds);
}
