using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>A quantile's sketch as bytes.</summary>
static class SketchBytes
{
    public static void Write(this QuantileSketch sketch, ByteWriter writer)
    {
        writer.UInt64(BitConverter.DoubleToUInt64Bits(sketch.Min));
        writer.UInt64(BitConverter.DoubleToUInt64Bits(sketch.Max));
        var buckets = sketch.Buckets.ToArray();
        writer.Varint((ulong)buckets.Length);
        foreach (var (bucket, count) in buckets)
        {
            writer.ZigZag(bucket);
            writer.Varint((ulong)count);
        }
    }

    public static void Merge(this QuantileSketch sketch, ref ByteReader reader)
    {
        var (min, max) = (BitConverter.UInt64BitsToDouble(reader.UInt64()), BitConverter.UInt64BitsToDouble(reader.UInt64()));
        var buckets = new (long, long)[reader.Size(reader.Remaining / 2)];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = (reader.ZigZag(), (long)reader.Varint());
        }

        sketch.Merge(buckets, min, max);
    }
}
