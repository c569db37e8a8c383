using Puppylog.Pipeline;
using Puppylog.Sources;
using Puppylog.Sources.Native;

namespace Puppylog.Tests.Pipeline;

/// <summary>A folder with files, a store and a clock, and collectors on them that are moved step by step.</summary>
sealed class CollectBench : IAsyncDisposable
{
    Collector? _collector;

    public string Folder { get; } = Directory.CreateTempSubdirectory("puppylog-").FullName;

    public MemoryLogStore Store { get; init; } = new();

    public CollectReportFake Report { get; } = new();

    public PlayedClock Clock { get; } = new();

    public CollectOptions Options { get; set; } = new() { Sources = [] };

    public LineParserLookup Parsers { get; init; } = WordParser.Lookup;

    public IEnumerable<SourceFeed> Feeds => _collector!.Feeds;

    public IEnumerable<LogSource> Sources => Feeds.Select(feed => feed.Source);

    public IEnumerable<string> SourceNames => Sources.Select(source => source.Name);

    public Func<Stream> StandardInput { get; set; } = () => Stream.Null;

    public CollectCounters Counters => _collector!.Counters;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public Func<(IInotify? Inotify, int Error)>? OpenInotify { get; init; }

    public Collector NewCollector() => new(Store, Options, Parsers, Report, StandardInput, Clock) { OpenInotify = OpenInotify };

    public async Task<CollectSummary> RunAsync(params string[] sources)
    {
        Options = Options with { Sources = sources };
        return await new Collector(Store, Options, Parsers, Report, StandardInput, TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Begins to watch files; <see cref="PollAsync"/> moves it on.</summary>
    public async Task WatchAsync(params string[] sources)
    {
        Options = Options with { Sources = sources, Watch = true };
        _collector = NewCollector();
        await _collector.OpenAsync(CancellationToken.None);
    }

    /// <summary>Asks for other sources while files are watched.</summary>
    public async Task ReconfigureAsync(params SourceOptions[] sources)
    {
        var changed = _collector!.ReconfigureAsync(sources, CancellationToken.None);
        for (var step = 0; !changed.IsCompleted && step < 10_000; step++)
        {
            await StepAsync();
            // The answer comes by another thread.
            await (step < 20 ? Task.Run(() => { }) : Task.Delay(1));
        }

        await changed.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Lets some be read; nothing is stored yet unless it waited for long.</summary>
    public Task StepAsync() => _collector!.StepAsync(CancellationToken.None);

    /// <summary>Lets everything be read that there is, and stores it.</summary>
    public async Task PollAsync()
    {
        // The second round decides about files that were written again.
        for (var round = 0; round < 2; round++)
        {
            await StepAllAsync();

            Clock.Advance(TimeSpan.FromMilliseconds(150));
        }

        await StepAllAsync();
        await _collector!.FinishAsync(CancellationToken.None);
    }

    async Task StepAllAsync()
    {
        for (var steps = 0; await _collector!.StepAsync(CancellationToken.None); steps++)
        {
            Assert.True(steps < 100_000, "there is no end");
        }
    }

    /// <summary>Lets everything be read that there is at the moment, and stores it.</summary>
    public async Task PollWithoutTimeAsync()
    {
        while (await _collector!.StepAsync(CancellationToken.None))
        {
        }

        await _collector.FinishAsync(CancellationToken.None);
    }

    /// <summary>Lets so much time pass that files which lost their name are done with.</summary>
    public async Task PollLongAsync()
    {
        await PollAsync();
        Clock.Advance(TimeSpan.FromSeconds(2));
        await PollAsync();
    }

    public void Stop()
    {
        _collector?.Dispose();
        _collector = null;
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
