using Puppylog.Generation;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Tests.Parsing;

namespace Puppylog.Tests.Generation;

public sealed class LogGeneratorTests
{
    static readonly long Start = Timestamps.FromDateTime(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Formats => [.. LineWriter.Formats];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Same_seed_gives_the_same_bytes(string format)
    {
        var first = await Write(new(format) { Seed = 7, Start = Start, Max = 3000 });
        var second = await Write(new(format) { Seed = 7, Start = Start, Max = 3000, BatchSize = 13 });
        var other = await Write(new(format) { Seed = 8, Start = Start, Max = 3000 });
        Assert.Equal(3000, first.Lines.Length);
        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.NotEqual(first.ToArray(), other.ToArray());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Without_a_seed_the_bytes_differ_and_the_times_are_the_clocks(string format)
    {
        var first = await Write(new(format) { Max = 100 });
        var second = await Write(new(format) { Max = 100 });
        Assert.NotEqual(first.ToArray(), second.ToArray());
        Assert.All(first.Lines, line => Assert.Equal("2026-03-01T12:00:00Z", ParsedRecord.Parse(LineParsers.Create(format, false), line).Time));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_line_is_valid_in_its_format(string format)
    {
        var written = await Write(new(format) { Seed = 1, Start = Start, Max = 20_000 });
        var bytes = written.ToArray();
        Assert.Equal((byte)'\n', bytes[^1]);
        Assert.Equal(format, FormatDetector.Detect(bytes.AsSpan(0, 64 << 10)));
        var parser = LineParsers.Create(format, false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        foreach (var line in written.Lines)
        {
            Assert.True(parser.TryParse(batch.Append(System.Text.Encoding.ASCII.GetBytes(line)), out var reason), $"{line}: {reason}");
            Assert.InRange(line.Length, 20, LineWriter.MaxLength - 1);
        }

        if (format != "json")
        {
            Assert.DoesNotContain((byte)0, batch.Templates.ToArray());
        }

        Assert.True(batch.Times.ToArray().Zip(batch.Times.ToArray().Skip(1)).All(pair => pair.First <= pair.Second));
        Assert.Equal(Start / Timestamps.Second, batch.Times[0] / Timestamps.Second);
    }

    [Fact]
    public async Task Few_clients_and_routes_make_most_of_the_traffic_and_errors_happen()
    {
        var written = await Write(new("combined") { Seed = 1, Start = Start, Max = 50_000 });
        var records = written.Lines.Select(line => ParsedRecord.Parse(LineParsers.Create("combined", false), line).Fields).ToArray();
        AssertZipf(records.Select(fields => fields["host"]), 1000);
        AssertZipf(records.Select(fields => fields["route"]), 1000);
        Assert.InRange(records.Select(fields => fields["section"]).Distinct().Count(), 8, 40);
        Assert.InRange(records.Count(fields => fields["status"][0] == '5'), 50, 5000);
        Assert.InRange(records.Count(fields => fields["status"][0] == '4'), 500, 10_000);
        Assert.InRange(records.Select(fields => fields.GetValueOrDefault("user_agent")).Distinct().Count(), 8, 100);
    }

    static void AssertZipf(IEnumerable<string> values, int leastDistinct)
    {
        var counts = values.CountBy(value => value).Select(pair => pair.Value).OrderDescending().ToArray();
        Assert.InRange(counts.Length, leastDistinct, 50_000);
        Assert.InRange(counts[0], counts.Sum() / 50, counts.Sum() / 3);
        Assert.True(counts.Take(counts.Length / 5).Sum() > counts.Sum() / 2);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2.5)]
    [InlineData(50_000)]
    public async Task Rate_is_kept(double rate)
    {
        var clock = new ImpatientClock();
        var max = (long)(rate * 20);
        var written = await Write(new("clf") { Rate = rate, Max = max }, clock);
        Assert.Equal(max, written.Lines.Length);
        // The last write is not followed by a wait.
        Assert.InRange(clock.Elapsed.TotalSeconds, 19.5, 20);
        for (var second = 1; second < 19; second++)
        {
            var soFar = written.Writes.Where(write => write.At.TotalSeconds < second).Sum(write => write.Lines);
            Assert.InRange(soFar, (second * rate) - 1, (second * rate) + (rate / 20) + 1);
        }
    }

    [Fact]
    public async Task Batches_have_their_size_and_their_interval()
    {
        var clock = new ImpatientClock();
        var written = await Write(new("clf") { BatchSize = 7, Interval = TimeSpan.FromSeconds(2), Max = 24 }, clock);
        Assert.Equal([(0, 7), (2, 7), (4, 7), (6, 3)], written.Writes.Select(write => ((int)write.At.TotalSeconds, write.Lines)));
    }

    [Fact]
    public async Task Reader_that_paused_is_not_flooded_afterwards()
    {
        var clock = new ImpatientClock();
        var written = new WrittenLines(clock, number => clock.Advance(number == 10 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero));
        await new LogGenerator(new("clf") { Rate = 100, BatchSize = 10, Max = 1000 }, clock).RunAsync(written, TestContext.Current.CancellationToken);
        var after = written.Writes.Skip(10).Take(20).ToArray();
        Assert.InRange((after[^1].At - after[0].At).TotalSeconds, 1.7, 2);
    }

    [Fact]
    public async Task With_a_seed_times_follow_the_rate_from_the_start()
    {
        var written = await Write(new("json") { Seed = 3, Start = Start, Rate = 4, Max = 9 });
        var times = written.Lines.Select(line => ParsedRecord.Parse(LineParsers.Create("json", false), line).Time);
        Assert.Equal(["00Z", "00.250Z", "00.500Z", "00.750Z", "01Z", "01.250Z", "01.500Z", "01.750Z", "02Z"], times.Select(time => time["2026-01-01T00:00:".Length..]));
    }

    [Fact]
    public async Task Cancelling_ends_it_after_a_whole_line()
    {
        using var stop = new CancellationTokenSource();
        var clock = new ImpatientClock();
        var written = new WrittenLines(clock, number =>
        {
            if (number == 3)
            {
                stop.Cancel();
            }
        });
        var generator = new LogGenerator(new("combined") { BatchSize = 5 }, clock);
        await generator.RunAsync(written, stop.Token);
        Assert.Equal(15, generator.Lines);
        Assert.Equal(generator.Bytes, written.Length);
        Assert.Equal((byte)'\n', written.ToArray()[^1]);
    }

    [Fact]
    public async Task File_that_is_emptied_under_way_has_no_hole()
    {
        var path = System.IO.Path.GetTempFileName();
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            await new LogGenerator(new("clf") { Max = 100 }, TimeProvider.System).RunAsync(file, TestContext.Current.CancellationToken);
            await using (new FileStream(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite))
            {
            }

            await new LogGenerator(new("clf") { Max = 10 }, TimeProvider.System).RunAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(10, File.ReadAllLines(path).Length);
            Assert.DoesNotContain('\0', File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    static async Task<WrittenLines> Write(GenerationOptions options, ImpatientClock? clock = null)
    {
        clock ??= new();
        var written = new WrittenLines(clock);
        await new LogGenerator(options, clock).RunAsync(written, TestContext.Current.CancellationToken);
        return written;
    }
}
