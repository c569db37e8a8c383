using System.Globalization;
using System.Text;
using Puppylog.Alerts;
using Puppylog.App.Cli.Search;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Tui;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Generation;
using Puppylog.Metrics;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Metrics;
using Puppylog.Tests.Played;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Watch;

/// <summary>What the dashboard shows against what LogsQL says of the same records, by way of a file and of a store.</summary>
public sealed class SameNumbersTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 21, 14, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly PlayedClock _clock = new(Start);
    readonly WatchState _state = new(new WatchSettings("test", new TrafficRule(120, 10), 10) { Sections = 1000, Routes = 1000 });
    readonly DashboardModel _model;
    readonly LiveTraffic _traffic;

    public SameNumbersTests()
    {
        _model = new DashboardModel(_state);
        _traffic = new LiveTraffic(_state, new RecordedDisplay(Start.ToUnixTimeSeconds()), _clock);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_a_file(int seed)
    {
        var lines = Lines(seed);
        var log = Path.Combine(_directory.Data + ".log");
        File.WriteAllText(log, "");
        var feed = new LogFeed([log], new("auto", JoinRule.Auto), false, _ => { }, () => Stream.Null, _clock);
        using (var reader = new LogReader(feed, new Puppylog.App.Tui.Tail.TailIntake(_model.Tail, _state.Sync, _traffic)))
        {
            reader.Step();
            File.AppendAllText(log, lines);
            for (var attempt = 0; _state.Requests + Invalid() < lines.Count(c => c == '\n') && attempt < 2000; attempt++)
            {
                reader.Step();
                Thread.Sleep(1);
            }
        }

        using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines)))
        using (var batches = new LineBatches(stream, log, new("auto", JoinRule.Auto), 0))
        {
            List<RecordBlock> blocks = [];
            RecordBatch? batch = null;
            while (batches.Read(ref batch))
            {
                blocks.Add(new BatchBlock(batch!));
                batch = null;
            }

            AssertSame(query => Ask(query, sink => QueryExecutor.RunAsync(QueryParser.Parse(query, 0), blocks, sink, Cancellation)));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Of_a_store(int seed)
    {
        await using var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, new EmbeddedStoreOptions(TimeProvider.System) { UpkeepInterval = Timeout.InfiniteTimeSpan }, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watching = new TailedFeed(new StoreFeed(_directory.Data, _ => { }, TimeProvider.System), _model).RunAsync(_traffic, stop.Token);
        var random = new Random(seed);
        await Task.Delay(300, Cancellation);
        var count = 0;
        for (var commit = 0; commit < 20; commit++)
        {
            TrafficBatch.Hit[] hits = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => Hit(random))];
            count += hits.Length;
            await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf(hits)), Cancellation);
        }

        for (var attempt = 0; attempt < 2000; attempt++)
        {
            lock (_state.Sync)
            {
                if (_state.Requests == count)
                {
                    break;
                }
            }

            await Task.Delay(5, Cancellation);
        }

        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        AssertSame(query => Ask(query, sink => store.QueryAsync(QueryParser.Parse(query, 0), sink, Cancellation)));

        // And what the store's boards say beside it.
        await using var boards = new StoreBoards(_directory.Data, TimeProvider.System);
        var streams = await boards.ReadStreamsAsync(Cancellation);
        Assert.Equal(count, streams.Streams.Sum(stream => stream.Records));
        _model.View = ViewKind.Tail;
        _model.Tail.SetFilter(Puppylog.App.Tui.Tail.TailFilter.Parse("status:>=400", 0, null));
        await new BoardPoller(_model, boards, TimeProvider.System).StepAsync(Cancellation);
        Assert.Equal(long.Parse(Ask("status:>=400 | stats count() n", sink => store.QueryAsync(QueryParser.Parse("status:>=400 | stats count() n", 0), sink, Cancellation))[0][0], CultureInfo.InvariantCulture) is var n && n < 1000 ? n : 1000, _model.Tail.Count);
    }

    void AssertSame(Func<string, List<string[]>> ask)
    {
        _clock.Advance(TimeSpan.FromSeconds(10));
        _traffic.CatchUp();
        var summary = _state.Last!;
        var whole = ask("* | stats count() n, sum(bytes) b, count_uniq(host) c")[0];
        Assert.Equal(whole[0], Text(summary.Requests));
        Assert.Equal(whole[1], Text(summary.Bytes));
        Assert.Equal(whole[2], Text(summary.Clients));
        Assert.Equal(summary.Requests, _state.Rates.Last(20).Sum());
        Assert.Equal(_model.Tail.Seen, summary.Requests);
        Assert.Equal(
            ask("* | stats by (section) count() n").Select(row => $"{(row[0].Length == 0 ? "-" : row[0])} {row[1]}").Order(),
            summary.Sections.Select(section => $"{section.Name} {section.Hits}").Order());
        for (var status = 1; status <= 5; status++)
        {
            Assert.Equal(ask($"status:>={status}00 status:<{status + 1}00 | stats count() n")[0][0], Text(summary.StatusClasses[status - 1]));
        }

        Assert.Equal(ask("status:>=500 status:<600 | stats count() n")[0][0], Text(_state.Errors.Last(20).Sum()));
        Assert.Equal(
            ask("duration:* | stats by (path) count() n, avg(duration) mean, max(duration) most").Select(row => $"{(row[0].Length == 0 ? "-" : row[0])} {row[1]} {Round(row[2])} {Round(row[3])}").Order(),
            summary.SlowestRoutes.Select(route => $"{route.Path} {route.Requests} {Round(Text(route.Mean))} {Round(Text(route.Max))}").Order());
    }

    long Invalid() => (_state.Current?.Summarize(0).Invalid ?? 0) + (_state.Last?.Invalid ?? 0);

    static List<string[]> Ask(string query, Func<IResultSink, Task> run)
    {
        var names = query[(query.LastIndexOf("stats", StringComparison.Ordinal) + 5)..].Split(',', StringSplitOptions.TrimEntries)
            .SelectMany(part => part.Trim().StartsWith("by (", StringComparison.Ordinal) ? (string[])[part.Trim()[4..part.Trim().IndexOf(')', StringComparison.Ordinal)], part.Split(' ')[^1]] : [part.Split(' ')[^1]]);
        var rows = new StreamRows([.. names]);
        run(rows).GetAwaiter().GetResult();
        return rows.Rows;
    }

    static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    static string Round(string number) => Math.Round(double.Parse(number, CultureInfo.InvariantCulture), 6).ToString(CultureInfo.InvariantCulture);

    static TrafficBatch.Hit Hit(Random random) => new(
        random.Next(20) == 0 ? null : $"/s{random.Next(7)}/p{random.Next(9)}?q={random.Next(3)}",
        $"10.0.{random.Next(3)}.{random.Next(200)}",
        random.Next(15) == 0 ? "-" : $"{random.Next(1, 6)}{random.Next(10):00}",
        random.Next(10) == 0 ? "-" : $"{random.Next(100_000)}",
        random.Next(3) == 0 ? null : $"{random.NextDouble() * 5:0.000}",
        random.Next(100_000));

    /// <summary>An access log with durations, and some lines that are none.</summary>
    static string Lines(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            var hit = Hit(random);
            text.Append(random.Next(100) == 0 && i > 100
                ? "no request at all\n"
                : string.Create(CultureInfo.InvariantCulture, $"{hit.Host} - - [21/Nov/2026:14:{i / 60 % 60:00}:{i % 60:00} +0000] \"GET {hit.Route ?? "/"} HTTP/1.1\" {(hit.Status == "-" ? "404" : hit.Status)} {hit.Bytes} \"-\" \"agent\" {hit.Duration ?? "0.001"}\n"));
        }

        return text.ToString();
    }
}
