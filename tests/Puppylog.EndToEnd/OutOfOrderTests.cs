using System.Globalization;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Lines of many days that come in any order, some of a time that is yet to come, before and after compaction.</summary>
public sealed class OutOfOrderTests(PublishedProgram program) : IDisposable
{
    const int Runs = 12;
    const int LinesEach = 60;

    readonly TestDirectory _directory = new();
    readonly List<(DateTimeOffset Time, string Line)> _lines = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Lines_of_any_time_come_in_the_order_of_their_times_before_and_after_compaction()
    {
        var now = TimeProvider.System.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        await CollectAsync(midnight, new Random(11));
        // Those of one time in the order in which they came.
        var ordered = _lines.OrderBy(line => line.Time).ToList();
        Assert.Contains(ordered, line => line.Time > now.AddDays(300));
        Assert.Contains(ordered.Zip(ordered.Skip(1)), pair => pair.First.Time == pair.Second.Time);

        await AssertAsync(ordered, midnight);
        var compacted = (await program.RunAsync("store", "compact", "--data", _directory.Data)).Expect(0).Text;
        var status = StoreQueries.Json(Assert.Single((await program.RunAsync("store", "status", "--data", _directory.Data, "-o", "json")).Expect(0).Lines));
        Assert.True(status.Number("compacted_blocks_after") < status.Number("compacted_blocks_before") / 3, compacted);
        await AssertAsync(ordered, midnight);
        (await program.RunAsync("store", "verify", "--data", _directory.Data)).Expect(0);
    }

    /// <summary>Runs of <c>collect</c> that each add lines of five days and of days to come.</summary>
    async Task CollectAsync(DateTimeOffset midnight, Random random)
    {
        var log = _directory["access.log"];
        for (var run = 0; run < Runs; run++)
        {
            var text = new StringBuilder();
            for (var i = 0; i < LinesEach; i++)
            {
                var time = random.Next(8) == 0
                    ? midnight.AddDays(random.Next(2, 400))
                    : midnight.AddDays(-random.Next(1, 6)).AddSeconds(random.Next(24) * 3600);
                var line = AccessLines.Line(_lines.Count, time);
                _lines.Add((time, line));
                text.Append(line).Append('\n');
            }

            AccessLines.Append(log, Encoding.ASCII.GetBytes(text.ToString()));
            Assert.Equal(LinesEach, (await program.CollectAsync(_directory.Data, log)).Number("stored"));
        }
    }

    async Task AssertAsync(List<(DateTimeOffset Time, string Line)> ordered, DateTimeOffset midnight)
    {
        await AssertRawAsync(ordered);
        var (since, until) = (midnight.AddDays(-3).AddHours(5), midnight.AddDays(-1).AddHours(7));
        await AssertRawAsync(ordered.Where(line => line.Time >= since && line.Time < until), "--since", Text(since), "--until", Text(until));
        await AssertRawAsync(ordered.Where(line => line.Time >= since), "--since", Text(since));
        await AssertRawAsync(ordered.Where(line => line.Time < since), "--until", Text(since));
        await AssertRawAsync(ordered.Where(line => line.Time > midnight.AddDays(1)), "--since", "1m");
        await AssertRawAsync(ordered.TakeLast(25), "-n", "25");
        await AssertRawAsync(ordered.Where(line => line.Time < until).TakeLast(25), "-n", "25", "--until", Text(until));

        Assert.Equal(
            ordered.AsEnumerable().Reverse().Select(line => line.Time).Take(30),
            (await JsonAsync("* | sort by (_time desc) | limit 30 | fields _time")).Select(row => DateTimeOffset.Parse(row.Field("_time"), CultureInfo.InvariantCulture)));
        Assert.Equal(
            _lines.Select(Route).Order(StringComparer.Ordinal).Reverse().Take(20),
            (await JsonAsync("* | sort by (route desc) | limit 20 | fields route")).Select(row => row.Field("route")));
        Assert.Equal(
            ordered.GroupBy(line => line.Time.UtcDateTime.Date).Select(day => $"{day.Key:yyyy-MM-dd} {day.Count()}"),
            (await JsonAsync("* | stats by (_time:1d) count() n | sort by (_time)")).Select(row => $"{row.Field("_time")[..10]} {row.Field("n")}"));
    }

    async Task AssertRawAsync(IEnumerable<(DateTimeOffset Time, string Line)> expected, params string[] options)
    {
        var result = await program.RunAsync(["search", "*", "--data", _directory.Data, "-o", "raw", .. options]);
        Assert.Equal(expected.Select(line => line.Line), result.Expect(0).Lines);
    }

    async Task<IEnumerable<System.Text.Json.JsonElement>> JsonAsync(string query) =>
        (await program.RunAsync("search", query, "--data", _directory.Data, "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json);

    static string Route((DateTimeOffset Time, string Line) line) => line.Line.Split(' ')[6];

    static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
