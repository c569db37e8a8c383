using System.Buffers;
using Puppylog.Query.Execution;
using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>A <see cref="QuantileSketch"/> as it is kept: its buckets in order.</summary>
sealed class QuantileMeasure
{
    /// <summary>The most that a bucket and its count are written with.</summary>
    const int BucketBytes = 2 * Varints.MaxLength;

    /// <summary>Ascending.</summary>
    long[] _buckets = [];

    /// <summary>By bucket.</summary>
    long[] _counts = [];
    int _used;
    double _min = double.PositiveInfinity;
    double _max = double.NegativeInfinity;

    /// <param name="phi">0 to 1.</param>
    public double At(double phi)
    {
        var sketch = new QuantileSketch(new QueryMemory(long.MaxValue));
        sketch.Merge(Enumerable.Range(0, _used).Select(i => (_buckets[i], _counts[i])), _min, _max);
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

    /// <summary>Writes ascending codes of buckets.</summary>
    /// <param name="counts">How often each of the codes came.</param>
    /// <param name="buckets">By code, ascending.</param>
    public static void WriteBuckets(ReadOnlySpan<int> codes, ReadOnlySpan<int> counts, ReadOnlySpan<long> buckets, ByteWriter writer)
    {
        var target = writer.Reserve(codes.Length * BucketBytes);
        var (before, length) = (0L, 0);
        for (var i = 0; i < codes.Length; i++)
        {
            WriteBucket(buckets[codes[i]], counts[i], ref before, target, ref length);
        }

        writer.Advance(length);
    }

    public void Write(long count, ByteWriter writer)
    {
        WriteHead(new Moments { Count = count, Min = _min, Max = _max }, _used, writer);
        var target = writer.Reserve(_used * BucketBytes);
        var (before, length) = (0L, 0);
        for (var i = 0; i < _used; i++)
        {
            WriteBucket(_buckets[i], _counts[i], ref before, target, ref length);
        }

        writer.Advance(length);
    }

    /// <summary>Ascending; the lowest bit says whether a count follows, which otherwise is 1.</summary>
    /// <param name="before">The bucket before; 0 at first.</param>
    static void WriteBucket(long bucket, long count, ref long before, Span<byte> target, ref int length)
    {
        var step = ((bucket - before) << 1) | (count > 1 ? 1L : 0);
        Varints.Write((ulong)((step << 1) ^ (step >> 63)), target, ref length);
        before = bucket;
        if (count > 1)
        {
            Varints.Write((ulong)count, target, ref length);
        }
    }

    /// <summary>Passes over what <see cref="Merge(double, double, ref ByteReader)"/> reads.</summary>
    public static void Skip(ref ByteReader reader)
    {
        var left = reader.Size(reader.Remaining);
        var bytes = reader.Rest;
        var at = 0;
        for (; left > 0; left--)
        {
            if ((Varints.Signed(Varints.Read(bytes, ref at)) & 1) != 0)
            {
                Varints.Read(bytes, ref at);
            }
        }

        reader.Bytes(at);
    }

    /// <summary>Forgets all numbers, and keeps the room.</summary>
    public void Clear() => (_used, _min, _max) = (0, double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>Adds what was written behind the count and the extremes.</summary>
    public void Merge(double min, double max, ref ByteReader reader)
    {
        (_min, _max) = (Math.Min(_min, min), Math.Max(_max, max));
        var left = reader.Size(reader.Remaining);
        var buckets = ArrayPool<long>.Shared.Rent(_used + left);
        var counts = ArrayPool<long>.Shared.Rent(_used + left);
        var (used, known, bucket, at) = (0, 0, 0L, 0);
        var bytes = reader.Rest;
        for (; left > 0; left--)
        {
            var step = Varints.Signed(Varints.Read(bytes, ref at));
            bucket += step >> 1;
            var count = (step & 1) == 0 ? 1 : (long)Varints.Read(bytes, ref at);
            for (; known < _used && _buckets[known] < bucket; known++)
            {
                (buckets[used], counts[used++]) = (_buckets[known], _counts[known]);
            }

            if (known < _used && _buckets[known] == bucket)
            {
                count += _counts[known++];
            }

            (buckets[used], counts[used++]) = (bucket, count);
        }

        for (; known < _used; known++)
        {
            (buckets[used], counts[used++]) = (_buckets[known], _counts[known]);
        }

        reader.Bytes(at);
        Take(buckets.AsSpan(0, used), counts.AsSpan(0, used));
        ArrayPool<long>.Shared.Return(buckets);
        ArrayPool<long>.Shared.Return(counts);
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

        (_min, _max) = (Math.Min(_min, min), Math.Max(_max, max));
        var together = buckets.Concat(Enumerable.Range(0, _used).Select(i => (_buckets[i], _counts[i])))
            .GroupBy(of => of.Item1, of => of.Item2).OrderBy(of => of.Key).Select(of => (Bucket: of.Key, Count: of.Sum())).ToList();
        Take([.. together.Select(of => of.Bucket)], [.. together.Select(of => of.Count)]);
    }

    void Take(ReadOnlySpan<long> buckets, ReadOnlySpan<long> counts)
    {
        if (buckets.Length > _buckets.Length)
        {
            (_buckets, _counts) = (new long[buckets.Length], new long[buckets.Length]);
        }

        buckets.CopyTo(_buckets);
        counts.CopyTo(_counts);
        _used = buckets.Length;
    }
}
