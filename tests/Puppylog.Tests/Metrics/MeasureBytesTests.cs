using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Metrics;

/// <summary>What is kept of periods, byte by byte: docs/metrics.md.</summary>
public sealed class MeasureBytesTests
{
    static readonly Func<long, long, byte[]?> Nothing = (_, _) => null;

    /// <summary>Statistic ⇶ measures as an earlier version wrote them, and what they come to.</summary>
    public static TheoryData<string, byte, string, double> Earlier => new()
    {
        { "count", 0, "07", 7 },
        { "sum", 1, "0302 ffffffffffffffffffffffffffffffff 0000000000000440", 1.5 },
        { "min", 2, "0302 0000000000000440 0000000000001440", 2.5 },
        { "stddev", 3, "0302 0000000000000440 0000000000002040", 2 },
        { "p50", 4, "0202 01 0000000000001040 0000000000001040 01 80c202 02", 4 },
        { "distinct", 5, "0303 8877665544332211 0102030405060708", 2 },
    };

    [Theory]
    [MemberData(nameof(Earlier))]
    public void Measures_of_an_earlier_version_are_read_and_go_on(string statistic, byte kind, string measure, double expected)
    {
        var definition = new MetricRequest("m", statistic, statistic == "count" ? null : "f", 60, 60, [], "*").Check(0);
        var row = new MetricRow(1, "m", definition.ToJson(), 0, 0, true, 0);
        byte[] entries = [4, .. Convert.FromHexString(measure.Replace(" ", "", StringComparison.Ordinal))];
        byte[] section = [1, 1, kind, 0, .. BitConverter.GetBytes(entries.Length), .. entries];
        var folded = Assert.Single(new MetricEngine().Fold([row], [section], Nothing));
        Assert.Equal(0, folded.Chunk);
        foreach (var bytes in (byte[][])[section, folded.Bytes])
        {
            var fold = new MetricFold(new Dictionary<long, MetricDefinition> { [1] = definition }, Nothing);
            fold.Add(bytes);
            var entry = Assert.Single(fold.Entries(1));
            Assert.Equal((2, ""), (entry.Period, entry.Segment));
            Assert.Equal(expected, definition.Statistic.Read(entry.Measure)!.Value, 0.01);
        }
    }

    [Fact]
    public void Numbers_come_back_as_they_were()
    {
        double[] doubles = [0, 1, -1, 0.1, -0.5, 1e15, -4503599627370495, 4503599627370496, 1e300, double.MaxValue, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        Int128[] integers = [0, 1, -1, long.MaxValue, long.MinValue, (Int128)long.MaxValue + 1, (Int128)long.MinValue - 1, Int128.MaxValue, Int128.MinValue];
        var writer = new ByteWriter();
        foreach (var number in doubles)
        {
            NumberBytes.Write(number, writer);
        }

        foreach (var number in integers)
        {
            NumberBytes.Write(number, writer);
        }

        var reader = new ByteReader(writer.Written);
        foreach (var number in doubles)
        {
            Assert.Equal(number, NumberBytes.Read(ref reader));
        }

        foreach (var number in integers)
        {
            Assert.Equal(number, NumberBytes.ReadInteger(ref reader));
        }
    }

    /// <summary>Exact as long as there are few, and within four standard errors beyond, in whatever parts they come.</summary>
    [Theory]
    [InlineData(700, 1)]
    [InlineData(1024, 7)]
    [InlineData(1025, 3)]
    [InlineData(20_000, 1)]
    [InlineData(20_000, 40)]
    public void Distinct_values_are_counted_in_parts_that_overlap(int values, int commits)
    {
        var definition = new MetricRequest("m", "distinct", "host", 60, 60, [], "*").Check(0);
        var row = new MetricRow(1, "m", definition.ToJson(), 0, 0, true, 0);
        var engine = new MetricEngine();
        List<byte[]> counts = [];
        for (var commit = 0; commit < commits; commit++)
        {
            var (from, to) = (Math.Max(0, (values * commit / commits) - 50), values * (commit + 1) / commits);
            counts.Add(engine.Count([row], [TrafficBatch.Of([.. Enumerable.Range(from, to - from).SelectMany(i => Enumerable.Repeat(new TrafficBatch.Hit("/a/b", $"host {i}"), 2))])]));
        }

        var fold = new MetricFold(new Dictionary<long, MetricDefinition> { [1] = definition }, Nothing);
        fold.Add(engine.Fold([row], counts, Nothing).Single().Bytes);
        var found = Assert.Single(fold.Entries(1)).Measure.Distinct!.Count;
        Assert.InRange(found, values <= 1024 ? values : (int)(values * 0.968), values <= 1024 ? values : (int)(values * 1.032));
    }

    [Fact]
    public void Damaged_bytes_are_told_or_read_and_nothing_else()
    {
        var random = new Random(11);
        var rows = MetricModel.All.Select((metric, i) => new MetricRow(i + 1, metric.Request.Id, metric.Request.Check(0).ToJson(), 0, 0, true, 0)).ToList();
        var engine = new MetricEngine();
        var whole = engine.Count(rows, [TrafficBatch.Of([.. Enumerable.Range(0, 300).Select(i => new TrafficBatch.Hit($"/s{i % 5}/x", $"h{i % 40}", Bytes: $"{i * 3.5}", Second: i / 4))])]);
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            var bytes = (byte[])whole.Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            // A length beyond all bounds, somewhere.
            if (random.Next(2) == 0)
            {
                ((ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFF, 0xFF, 0x0F]).CopyTo(bytes.AsSpan(random.Next(bytes.Length - 5)));
            }

            try
            {
                _ = engine.Fold(rows, [random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes], Nothing).ToList();
            }
            catch (CorruptDataException)
            {
                // So it is told.
            }
        }
    }
}
