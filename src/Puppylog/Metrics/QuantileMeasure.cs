using Puppylog.Query.Execution;
using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>A <see cref="QuantileSketch"/> as it is kept: its buckets in order.</summary>
sealed class QuantileMeasure
{
    (long Bucket, long Count)[] _buckets = [];
    double _min = double.PositiveInfinity;
    double _max = double.NegativeInfinity;

    /// <param name="phi">0 to 1.</param>
    public double At(double phi)
    {
        var sketch = new QuantileSketch(new QueryMemory(long.MaxValue));
        sketch.Merge(_buckets, _min, _max);
        return sketch.At(Math.Min(sketch.Count - 1, (long)(phi * sketch.Count)));
    }

    /// <param name="extremes">How many numbers, the least and the largest; nothing follows where there is none.</param>
    /// <param name="buckets">How many follow.</param>
    public static void WriteHead(in Moments extremes, int buckets, ByteWriter writer)
    {
        extremes.Write(MeasureKind.Extremes, writer);
        if (extremes.Count > 0)
        {
            writer.Varint((ulong)buckets);
        }
    }

    /// <summary>Ascending; the lowest bit says whether a count follows, which otherwise is 1.</summary>
    /// <param name="before">The bucket before; 0 at first.</param>
    public static void WriteBucket(long bucket, long count, ref long before, ByteWriter writer)
    {
        writer.ZigZag(((bucket - before) << 1) | (count > 1 ? 1L : 0));
        before = bucket;
        if (count > 1)
        {
            writer.Varint((ulong)count);
        }
    }

    public void Write(long count, ByteWriter writer)
    {
        WriteHead(new Moments { Count = count, Min = _min, Max = _max }, _buckets.Length, writer);
        var before = 0L;
        foreach (var (bucket, of) in _buckets)
        {
            WriteBucket(bucket, of, ref before, writer);
        }
    }

    /// <summary>Adds what was written behind the count and the extremes.</summary>
    public void Merge(double min, double max, ref ByteReader reader)
    {
        var buckets = new (long Bucket, long Count)[reader.Size(reader.Remaining)];
        var before = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            var step = reader.ZigZag();
            before += step >> 1;
            buckets[i] = (before, (step & 1) == 0 ? 1 : (long)reader.Varint());
        }

        Merge(min, max, buckets);
    }

    /// <summary>Adds what was written before buckets were put in order.</summary>
    public void MergeUnordered(ref ByteReader reader)
    {
        var (min, max) = (BitConverter.UInt64BitsToDouble(reader.UInt64()), BitConverter.UInt64BitsToDouble(reader.UInt64()));
        var buckets = new (long Bucket, long Count)[reader.Size(reader.Remaining / 2)];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = (reader.ZigZag(), (long)reader.Varint());
        }

        Merge(min, max, [.. buckets.OrderBy(bucket => bucket.Bucket)]);
    }

    void Merge(double min, double max, (long Bucket, long Count)[] buckets)
    {
        (_min, _max) = (Math.Min(_min, min), Math.Max(_max, max));
        if (_buckets.Length == 0)
        {
            _buckets = buckets;
            return;
        }

        var merged = new (long Bucket, long Count)[_buckets.Length + buckets.Length];
        var count = 0;
        for (int a = 0, b = 0; a < _buckets.Length || b < buckets.Length;)
        {
            var next = b == buckets.Length || (a < _buckets.Length && _buckets[a].Bucket <= buckets[b].Bucket) ? _buckets[a++] : buckets[b++];
            if (count > 0 && merged[count - 1].Bucket == next.Bucket)
            {
                merged[count - 1].Count += next.Count;
            }
            else
            {
                merged[count++] = next;
            }
        }

        _buckets = merged[..count];
    }
}
