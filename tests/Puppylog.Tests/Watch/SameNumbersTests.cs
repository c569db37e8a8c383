using System.Globalization;
using System.Net;
using System.Text;
using Puppylog.Alerts;
using Puppylog.App.Cli;
using Puppylog.App.Cli.Search;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Hosting;
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
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task Of_a_store_and_of_a_server(int seed, bool byServer)
    {
        await using var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, new EmbeddedStoreOptions(TimeProvider.System) { UpkeepInterval = Timeout.InfiniteTimeSpan }, Cancellation);
        await using var local = new StoreBoards(_directory.Data, TimeProvider.System, store);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var server = await WebServer.StartAsync(
            new(new IPEndPoint(IPAddress.Loopback, 0), "word", null, null), new(store, null, null, TimeProvider.System) { Boards = local, Stopping = stop.Token }, Cancellation);
        using var link = new DashboardLink(server.Address, "word", null, TimeProvider.System);
        ITrafficFeed feed = byServer ? new ServerFeed(link, _ => { }, TimeProvider.System) : new StoreFeed(_directory.Data, _ => { }, TimeProvider.System);
        var watching = new TailedFeed(feed, _model).RunAsync(_traffic, stop.Token);
        var random = new Random(seed);
        await Eventually(() => store.IsWatched);
        var count = 0;
        for (var commit = 0; commit < 20; commit++)
        {
            TrafficBatch.Hit[] hits = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => Hit(random))];
            count += hits.Length;
            await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf(hits)), Cancellation);
        }

        await Eventually(() => _state.Requests == count);
        AssertSame(query => Ask(query, sink => store.QueryAsync(QueryParser.Parse(query, 0), sink, Cancellation)));

        // And what stands beside it.
        IBoards boards = byServer ? new ServerBoards(link) : local;
        Assert.Equal(count, (await boards.ReadStreamsAsync(Cancellation)).Streams.Sum(stream => stream.Records));
        await new MetricStore(_directory.Data, new EmbeddedStoreOptions(TimeProvider.System)).CreateAsync([new MetricRequest("hits", "count", null, 60, 60, [], "*").Check(0)], Cancellation);
        var metric = await boards.ReadMetricsAsync("hits", 1000, Cancellation);
        Assert.Equal(("hits", count), (metric.Shown!.Id, metric.Observations.Sum(observation => observation.Value)));
        Assert.NotEmpty((await boards.ReadAlertsAsync(null, Cancellation)).Remark!);
        _model.View = ViewKind.Tail;
        _model.Tail.SetFilter(Puppylog.App.Tui.Tail.TailFilter.Parse("status:>=400", 0, null));
        await new BoardPoller(_model, boards, TimeProvider.System).StepAsync(Cancellation);
        var failed = long.Parse(Ask("status:>=400 | stats count() n", sink => store.QueryAsync(QueryParser.Parse("status:>=400 | stats count() n", 0), sink, Cancellation))[0][0], CultureInfo.InvariantCulture);
        Assert.Equal(Math.Min(1000, failed), _model.Tail.Count);
        Assert.All(Enumerable.Range(0, _model.Tail.Count), i => Assert.InRange(int.Parse(_model.Tail[i].Find("status"), CultureInfo.InvariantCulture), 400, 599));
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Server_that_refuses_is_said_at_once()
    {
        await using var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, new EmbeddedStoreOptions(TimeProvider.System), Cancellation);
        await using var local = new StoreBoards(_directory.Data, TimeProvider.System, store);
        await using var server = await WebServer.StartAsync(
            new(new IPEndPoint(IPAddress.Loopback, 0), "word", null, null), new(store, null, null, TimeProvider.System) { Boards = local }, Cancellation);
        using var link = new DashboardLink(server.Address, "another", null, TimeProvider.System);
        Assert.Contains("token", (await Assert.ThrowsAsync<UsageException>(() => new ServerFeed(link, _ => { }, TimeProvider.System).RunAsync(_traffic, Cancellation))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefusedException>(() => new ServerBoards(link).ReadStreamsAsync(Cancellation));
    }

    async Task Eventually(Func<bool> holds)
    {
        for (var attempt = 0; attempt < 4000; attempt++)
        {
            lock (_state.Sync)
            {
                if (holds())
                {
                    return;
                }
            }

            await Task.Delay(5, Cancellation);
        }

        Assert.Fail("waited in vain");
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
        var routes = ask("duration:* | stats by (path) count() n, avg(duration) mean, max(duration) most").OrderBy(row => row[0], StringComparer.Ordinal).ToList();
        var shown = summary.SlowestRoutes.OrderBy(route => route.Path == "-" ? "" : route.Path, StringComparer.Ordinal).ToList();
        Assert.Equal(routes.Select(row => $"{(row[0].Length == 0 ? "-" : row[0])} {row[1]} {Text(double.Parse(row[3], CultureInfo.InvariantCulture))}"), shown.Select(route => $"{route.Path} {route.Requests} {Text(route.Max)}"));
        Assert.All(routes.Zip(shown), pair => Assert.Equal(double.Parse(pair.First[2], CultureInfo.InvariantCulture), pair.Second.Mean, 1e-12));
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
