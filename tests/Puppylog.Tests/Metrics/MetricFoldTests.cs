using Puppylog.Metrics;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Metrics;

/// <summary>What is brought together in parts, and again with what is kept, is what all of it is at once.</summary>
public sealed class MetricFoldTests
{
    static readonly string[] Statistics = ["count", "sum", "min", "stddev", "p95", "distinct"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Counts_come_to_the_same_in_whatever_parts_they_are_brought_together(int seed, bool hasSegments)
    {
        var random = new Random(seed);
        foreach (var statistic in Statistics)
        {
            // Each section is for some of four.
            List<MetricRow> metrics = [.. Enumerable.Range(1, 4).Select(number => new MetricRow(
                number, $"m{number}", new MetricRequest($"m{number}", statistic, statistic == "count" ? null : "f", 60, 60, hasSegments ? ["s"] : [], "*").Check(0).ToJson(), 0, 0, true, long.MinValue))];
            var definition = MetricDefinition.Parse("m1", metrics[0].Definition);
            var counts = Enumerable.Range(0, 30).Select(_ => Sections(definition, random)).ToList();
            var kept = new Dictionary<(long Metric, long Chunk), byte[]>();
            for (var at = 0; at < counts.Count;)
            {
                var some = counts.Skip(at).Take(random.Next(1, 12)).ToList();
                at += some.Count;
                foreach (var chunk in new MetricEngine().Fold(metrics, some, (metric, chunk) => kept.GetValueOrDefault((metric, chunk))).ToList())
                {
                    kept[(chunk.Metric, chunk.Chunk)] = chunk.Bytes;
                }
            }

            foreach (var metric in metrics)
            {
                var (expected, actual) = (Read(metric, counts), Read(metric, kept.Where(chunk => chunk.Key.Metric == metric.Number).Select(chunk => chunk.Value)));
                Assert.Equal(expected.Select(entry => entry.Key), actual.Select(entry => entry.Key));
                Assert.All(expected.Zip(actual), pair =>
                {
                    Assert.Equal(pair.First.Rows, pair.Second.Rows);
                    Assert.Equal(pair.First.Value, pair.Second.Value, 1e-6);
                });
            }
        }
    }

    static List<(string Key, long Rows, double Value)> Read(MetricRow metric, IEnumerable<byte[]> sections)
    {
        var definition = MetricDefinition.Parse(metric.Id, metric.Definition);
        var fold = new MetricFold(new Dictionary<long, MetricDefinition> { [metric.Number] = definition }, (_, _) => null);
        foreach (var bytes in sections)
        {
            fold.Add(bytes);
        }

        return [.. fold.Entries(metric.Number).Select(entry => ($"{entry.Period} {entry.Segment}", entry.Measure.Rows, definition.Statistic.Read(entry.Measure) ?? double.NaN))];
    }

    /// <summary>What a commit may add: sections of some of the metrics, periods in any order, and some twice.</summary>
    static byte[] Sections(MetricDefinition definition, Random random)
    {
        var writer = new ByteWriter();
        for (var sections = random.Next(1, 4); sections > 0; sections--)
        {
            long[] metrics = [.. Enumerable.Range(1, 4).Select(number => (long)number).Where(_ => random.Next(2) == 0)];
            var begun = MetricSection.Begin(writer, metrics, definition.Statistic.Kind, !definition.Segments.IsEmpty);
            var before = 0L;
            for (var entries = random.Next(1, 20); entries > 0; entries--)
            {
                var period = (long)random.Next(-30, 200);
                writer.ZigZag(period - before);
                before = period;
                if (!definition.Segments.IsEmpty)
                {
                    MetricSection.WriteSegment(writer, random.Next(8) == 0 ? [0xC3] : "segment"u8[..random.Next(8)], isOther: false);
                }

                WriteMeasure(definition.Statistic.Kind, random, writer);
            }

            MetricSection.End(writer, begun);
        }

        return writer.Written.ToArray();
    }

    static void WriteMeasure(MeasureKind kind, Random random, ByteWriter writer)
    {
        int[] numbers = [.. Enumerable.Range(0, random.Next(1, kind == MeasureKind.Distinct ? 1200 : 40)).Select(_ => random.Next(100_000))];
        writer.Varint((ulong)numbers.Length);
        var moments = default(Moments);
        switch (kind)
        {
            case MeasureKind.Count:
                return;
            case MeasureKind.Distinct:
                long[] hashes = [.. numbers.Select(number => DistinctMeasure.Hash(BitConverter.GetBytes(number % 5000))).Distinct().Order()];
                int[] codes = [.. Enumerable.Range(0, hashes.Length)];
                if (hashes.Length > DistinctMeasure.MaxExact)
                {
                    SketchBytes.Write(codes, hashes, writer);
                }
                else
                {
                    DistinctMeasure.Write(codes, hashes, writer);
                }

                return;
            case MeasureKind.Quantile:
                Array.ForEach(numbers, number => moments.AddExtreme(number));
                var buckets = numbers.GroupBy(number => number / 1000).OrderBy(bucket => bucket.Key).ToList();
                QuantileMeasure.WriteHead(moments, buckets.Count, writer);
                QuantileMeasure.WriteBuckets([.. Enumerable.Range(0, buckets.Count)], [.. buckets.Select(bucket => bucket.Count())], [.. buckets.Select(bucket => (long)bucket.Key)], writer);
                return;
            case MeasureKind.Sum:
                Array.ForEach(numbers, number => moments.AddInteger(number));
                break;
            case MeasureKind.Extremes:
                Array.ForEach(numbers, number => moments.AddExtreme(number));
                break;
            default:
                Array.ForEach(numbers, number => moments.AddSpread(number));
                break;
        }

        moments.Write(kind, writer);
    }
}
