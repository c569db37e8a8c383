using Puppylog.Forwarding;
using Puppylog.Forwarding.Spooling;
using Puppylog.Pipeline;
using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Storage;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.App.Hosting;

/// <summary>A collector whose store is a server, and a spool for what cannot be read again.</summary>
sealed class Agent : IAsyncDisposable
{
    /// <summary>A change of the sources that takes longer is told of.</summary>
    static readonly TimeSpan PatienceForChange = TimeSpan.FromSeconds(2);

    readonly ICollectReport _report;
    readonly TimeProvider _clock;
    readonly AgentDirectory _directory;
    readonly SpoolRoom _room;
    readonly ServerLink _link;
    readonly HttpLogStore _store;
    readonly Lock _lock = new();
    // Both under the lock: what is read, and who reads it; null between two collectors.
    CollectOptions _options;
    Collector? _collector;

    /// <exception cref="Cli.UsageException">The directory cannot be used.</exception>
    public Agent(AgentSettings settings, CollectOptions options, ICollectReport report, TimeProvider clock)
    {
        (_options, _report, _clock) = (options, report, clock);
        _directory = AgentDirectory.Open(settings.Directory);
        Id = settings.Id ?? _directory.Id;
        var server = new ServerOptions(settings.Server, Id, settings.Token, Environment.MachineName);
        var certificate = new ServerCertificate(settings.Server, settings.Authority, clock);
        _room = SpoolRoom.Open(LocalFileSystem.Instance, _directory.Spool, settings.SpoolSize, report.Notice, clock, name => Create(name, CollectOptions.DefaultMaxLine, static () => { }));
        _link = new ServerLink(server, ServerLink.Handler(certificate), clock, certificate);
        _store = new HttpLogStore(_link, server, report.Notice, _room.Acknowledge, clock);
    }

    /// <summary>What the server keeps the positions under.</summary>
    public string Id { get; }

    /// <summary>Collects until the sources end or it is cancelled.</summary>
    /// <param name="begun">Given the counters of each collector as it begins, for progress.</param>
    public async Task<CollectSummary> RunAsync(Action<CollectCounters> begun, CancellationToken cancellationToken)
    {
        TakeStreams(_options);
        // When cancelled: what was taken from streams is on disk before the collector ends.
        using var stop = cancellationToken.Register(_room.Stop);
        var pauses = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        while (true)
        {
            using var collector = Begin();
            begun(collector.Counters);
            try
            {
                var summary = await collector.RunAsync(cancellationToken);
                return summary with { Failures = [.. summary.Failures.Union(_room.Failures)] };
            }
            catch (PositionConflictException conflict)
            {
                // Another agent with this id, or a server that was restored: what it knows counts.
                _report.Notice($"the server has another position of {conflict.SourceId}: reading goes on from there");
            }

            lock (_lock)
            {
                _collector = null;
            }

            await Task.Delay(pauses.Next(), _clock, cancellationToken);
        }
    }

    /// <summary>Reads other sources from now on, or the same with other settings; ends when that is so.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LogStoreException">The disk does not take what cannot be read again.</exception>
    public async Task ReconfigureAsync(CollectOptions options, CancellationToken cancellationToken)
    {
        try
        {
            _room.Keep(Streams(options).Select(source => source.Input));
            TakeStreams(options);
        }
        catch (IOException e)
        {
            throw new LogStoreException($"the spool cannot be written: {e.Message}", e);
        }

        Collector? running;
        lock (_lock)
        {
            _options = options;
            running = _collector;
        }

        if (running is null)
        {
            return;
        }

        var change = running.ReconfigureAsync(options.AllSources(), cancellationToken);
        if (await Task.WhenAny(change, Task.Delay(PatienceForChange, _clock, cancellationToken)) != change)
        {
            _report.Notice("the new configuration waits until the server has taken what was read");
        }

        try
        {
            await change;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // This collector has ended; the next one is made of the new options.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _link.Dispose();
        _room.Dispose();
        _directory.Dispose();
    }

    Collector Begin()
    {
        lock (_lock)
        {
            return _collector = new Collector(_store, _options, LineParserLookup.Default, _report, static () => Stream.Null, _clock)
            {
                FurtherSources = _room.Left(),
                Open = (name, context) => (IsReplayable(name) ? null : _room.TryOpen(name, context)) ?? Create(name, context),
            };
        }
    }

    /// <summary>Begins to read what cannot be read again, whether the server is there or not.</summary>
    void TakeStreams(CollectOptions options)
    {
        foreach (var source in Streams(options))
        {
            using var probe = Create(source.Input, source.MaxLine, static () => { });
            _room.Take(source.Input, probe.FilePath, wake => Create(source.Input, source.MaxLine, wake));
        }
    }

    IEnumerable<SourceOptions> Streams(CollectOptions options) => options.AllSources().Where(source => !IsReplayable(source.Input));

    bool IsReplayable(string name)
    {
        if (LogSources.IsPattern(name))
        {
            return true;
        }

        using var probe = Create(name, CollectOptions.DefaultMaxLine, static () => { });
        return probe.IsReplayable;
    }

    LogSource Create(string name, int maxLine, Action wake) => Create(name, new SourceContext(true, maxLine, new PositionBook([]), null, wake, _report.Notice, _clock));

    static LogSource Create(string name, SourceContext context) => LogSources.Create(name, context, Console.OpenStandardInput);
}
