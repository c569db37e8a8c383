using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Counts of numbers in buckets whose width grows with the number: a quantile comes back with a relative error of at most
/// <see cref="RelativeError"/>, whatever the distribution. Sketches merge exactly.
/// </summary>
/// <remarks>
/// DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", PVLDB
/// 12, 2019) with its linearly interpolated mapping: a bucket is a number's sign, exponent and upper eight bits of mantissa,
/// so that it is found by a shift instead of a logarithm.
/// </remarks>
/// <param name="memory">Charged as the buckets grow.</param>
sealed class QuantileSketch(QueryMemory memory)
{
    /// <summary>A bucket is 1/256 of a power of two wide; its middle is at most half of that from what is in it.</summary>
    public const double RelativeError = 1.0 / 512;

    const int Shift = 52 - 8;

    readonly LongTable _buckets = new();
    long[] _counts = new long[64];
    double _min = double.PositiveInfinity;
    double _max = double.NegativeInfinity;

    public long Count { get; private set; }

    public void Add(double number)
    {
        Add(Bucket(number), 1);
        _min = Math.Min(_min, number);
        _max = Math.Max(_max, number);
    }

    public void Merge(QuantileSketch other)
    {
        for (var i = 0; i < other._buckets.Count; i++)
        {
            Add(other._buckets[i], other._counts[i]);
        }

        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>The buckets in use, and how many numbers each has.</summary>
    public IEnumerable<(long Bucket, long Count)> Buckets => Enumerable.Range(0, _buckets.Count).Select(i => (_buckets[i], _counts[i]));

    public double Min => _min;

    public double Max => _max;

    /// <summary>Adds what another consisted of.</summary>
    public void Merge(IEnumerable<(long Bucket, long Count)> buckets, double min, double max)
    {
        foreach (var (bucket, count) in buckets)
        {
            Add(bucket, count);
        }

        _min = Math.Min(_min, min);
        _max = Math.Max(_max, max);
    }

    /// <summary>Of the numbers in order about the one at this index.</summary>
    public double At(long index)
    {
        var order = new int[_buckets.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        order.AsSpan().Sort((a, b) => _buckets[a].CompareTo(_buckets[b]));
        foreach (var bucket in order)
        {
            index -= _counts[bucket];
            if (index < 0)
            {
                return Math.Clamp(Middle(_buckets[bucket]), _min, _max);
            }
        }

        return _max;
    }

    /// <summary>The bucket of a number; ascends with it.</summary>
    public static long Bucket(double number)
    {
        // Adding zero makes -0 a 0.
        var bits = BitConverter.DoubleToInt64Bits(number + 0.0);
        return bits >= 0 ? bits >> Shift : ~((bits & long.MaxValue) >> Shift);
    }

    static double Middle(long bucket)
    {
        var magnitude = bucket >= 0 ? bucket : ~bucket;
        if (magnitude == 0)
        {
            return 0;
        }

        var low = BitConverter.Int64BitsToDouble(magnitude << Shift);
        var middle = low + ((BitConverter.Int64BitsToDouble((magnitude + 1) << Shift) - low) / 2);
        return bucket >= 0 ? middle : -middle;
    }

    void Add(long bucket, long count)
    {
        var index = _buckets.GetOrAdd(bucket);
        if (index == _counts.Length)
        {
            memory.Charge(_counts.Length * 40L);
            Array.Resize(ref _counts, index * 2);
        }

        _counts[index] += count;
        Count += count;
    }
}
