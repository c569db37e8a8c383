using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Outbox;
using Puppylog.Alerts.Rules;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Alerts.Watching;

/// <summary>
/// Watches a store's alerts in the process that writes it, in a task of its own: commits only leave a note in passing, and
/// receivers have couriers.
/// </summary>
sealed class AlertWatch : ICommitFollower
{
    /// <summary>Notes that wait at most; where there are more, what they said is read from the catalogue.</summary>
    const int MostWaiting = 1024;

    const string DefaultReceiver = "console";

    static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Receivers on this machine need no slowing down.</summary>
    static readonly CourierOptions Local = new() { Burst = int.MaxValue };

    readonly string _directory;
    readonly AlertWatchOptions _options;
    readonly StoreEvaluation _evaluation;
    readonly Channel<(CountedCommit Commit, long Told)> _commits = Channel.CreateBounded<(CountedCommit Commit, long Told)>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    readonly CancellationTokenSource _closing = new();
    readonly SemaphoreSlim _called = new(0, 1);
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = Timeout.InfiniteTimeSpan };
    readonly long _began;
    Task _running = Task.CompletedTask;
    int _missed;

    long _longestLag;

    /// <summary>The last commit that was told of, and the last that is evaluated.</summary>
    long _toldOf;
    long _evaluated;

    // Below: the watching task only.
    FileOutbox? _outbox;
    NoticeDesk? _desk;
    string? _trouble;
    TimeSpan _lookedAt = -Pace;

    public AlertWatch(string directory, ILogStore store, IAlertKeeper keeper, AlertWatchOptions options)
    {
        (_directory, _options) = (directory, options);
        _began = options.Clock.GetTimestamp();
        _evaluation = new(directory, new AlertStore(directory, options.Clock), keeper, new CauseLines(directory, store, options.Clock).Find, Put, options.Tell);
        _evaluation.Loaded += Serve;
    }

    /// <summary>The longest time between a commit and the end of its evaluation.</summary>
    public TimeSpan LongestLag => TimeSpan.FromTicks(Volatile.Read(ref _longestLag));

    public void Start() => _running = Task.Run(RunAsync);

    public void Committed(CountedCommit commit)
    {
        Volatile.Write(ref _toldOf, commit.Last);
        if (!_commits.Writer.TryWrite((commit, _options.Clock.GetTimestamp())))
        {
            Volatile.Write(ref _missed, 1);
        }

        Call();
    }

    /// <summary>Ends when all commits up to now are evaluated, and whoever can be told is told; after some seconds at the latest.</summary>
    public async Task CatchUpAsync()
    {
        var began = _options.Clock.GetTimestamp();
        Call();
        while ((Volatile.Read(ref _evaluated) < Volatile.Read(ref _toldOf) || HasToTell()) && !_running.IsCompleted && _options.Clock.GetElapsedTime(began) < _options.EndPatience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _options.Clock).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _closing.Dispose();
        _called.Dispose();
        _http.Dispose();
    }

    bool HasToTell() => _desk is { } desk && _outbox is { } outbox && desk.Receivers.Any(name => outbox.Attempts(name).Failures == 0 && outbox.Pending(name, 1).Count > 0);

    void Call()
    {
        try
        {
            _called.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been called and has not looked yet.
        }
        catch (ObjectDisposedException)
        {
            // It has ended; the next life reads what it has missed.
        }
    }

    async Task RunAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            var failed = !await TryStepAsync(() => StepAsync(_options.GoesOn)).ConfigureAwait(false);
            try
            {
                // At the whole second, when there is something to evaluate without records, too.
                var pause = failed ? Pace : TimeSpan.FromMilliseconds(1000 - (_options.Clock.GetUtcNow().ToUnixTimeMilliseconds() % 1000));
                if (failed)
                {
                    await Task.Delay(pause, _options.Clock, _closing.Token).ConfigureAwait(false);
                }
                else
                {
                    await _called.WaitAsync(pause, _closing.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await TryStepAsync(EndAsync).ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    async Task StepAsync(bool goesOn)
    {
        var missed = Interlocked.Exchange(ref _missed, 0) == 1;
        var commits = new List<CountedCommit>();
        long? oldest = null;
        while (_commits.Reader.TryRead(out var note))
        {
            commits.Add(note.Commit);
            oldest ??= note.Told;
        }

        var now = Now();
        if (now.Elapsed - _lookedAt >= Pace)
        {
            _lookedAt = now.Elapsed;
            await _evaluation.LookAsync(now).ConfigureAwait(false);
        }

        try
        {
            await _evaluation.StepAsync(commits, missed, now, goesOn).ConfigureAwait(false);
        }
        catch
        {
            // What was read here is read again from the catalogue.
            Volatile.Write(ref _missed, 1);
            throw;
        }

        Volatile.Write(ref _evaluated, _evaluation.Heard);
        if (oldest is { } began && _options.Clock.GetElapsedTime(began) is var lag && lag.Ticks > _longestLag)
        {
            Volatile.Write(ref _longestLag, lag.Ticks);
        }
    }

    async Task EndAsync()
    {
        await StepAsync(goesOn: false).ConfigureAwait(false);
        await _evaluation.EndAsync(Now()).ConfigureAwait(false);
    }

    /// <summary>The disk or the catalogue may be busy or full: told once, and tried again.</summary>
    async Task<bool> TryStepAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
            if (_trouble is not null)
            {
                _trouble = null;
                _options.Tell("alerts are evaluated again");
            }

            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (_trouble != error.Message && !_closing.IsCancellationRequested)
            {
                _trouble = error.Message;
                _options.Tell($"alerts are not evaluated at the moment: {error.Message}");
            }

            return false;
        }
    }

    async Task CloseAsync()
    {
        if (_desk is not null)
        {
            var left = await _desk.DrainAsync(_options.EndPatience).ConfigureAwait(false);
            if (left > 0)
            {
                _options.Tell(string.Create(CultureInfo.InvariantCulture, $"{left} notice{(left == 1 ? " waits" : "s wait")} in the outbox; whoever writes the store next tells {(left == 1 ? "it" : "them")}"));
            }

            await _desk.DisposeAsync().ConfigureAwait(false);
        }

        _outbox?.Dispose();
    }

    void Put(IReadOnlyList<Notice> notices, AlertRule rule) => _desk!.Put(notices, rule.Notify);

    /// <summary>Opens the outbox with the first rule, and makes the receivers what the store says.</summary>
    void Serve(AlertsView view)
    {
        if (_desk is null && view.Rules.Count == 0)
        {
            return;
        }

        if (_desk is null)
        {
            _outbox = FileOutbox.Open(LocalFileSystem.Instance, DataLayout.OutboxFile(_directory));
            _desk = new(_outbox, _options.Clock);
            _desk.Reported += _options.Tell;
        }

        _desk.Serve(view.Notifiers.Count == 0 ? [Receiver(new NotifierDraft { Name = DefaultReceiver, Type = "console" }, "")] : view.Notifiers.Select(Receiver));
        foreach (var (rule, name) in view.Rules.SelectMany(rule => rule.Draft.Notify.Select(name => (rule.Id, name))).Where(wanted => view.Notifiers.All(known => known.Name != wanted.name)))
        {
            _options.Tell($"alert {rule} names a notifier '{name}' that is not there; 'puppylog alerts notifiers' lists them");
        }
    }

    Receiver Receiver(KeptNotifier kept)
    {
        if (!kept.Item.IsConfigured)
        {
            return Receiver(kept.Draft, kept.Item.Definition);
        }

        return _options.Configured(kept.Name) is { } configured
            ? Receiver(configured, $"{JsonSerializer.Serialize(configured, AlertJson.Default.NotifierDraft)}\n{string.Join('\n', configured.Secrets.Select(secret => $"{secret.Key}={secret.Value}"))}")
            : new(kept.Name, new MissingNotifier("a configuration names it that this process does not work by; start it with --config"), "missing", new CourierOptions());
    }

    Receiver Receiver(NotifierDraft draft, string version) =>
        new(draft.Name!, new DraftedNotifier(draft, _http, _options.Console, _options.Clock), version, draft.Type is "console" or "file" ? Local : new CourierOptions());

    ClockReading Now() => new(_options.Clock.GetUtcNow().ToUnixTimeSeconds(), _options.Clock.GetElapsedTime(_began));
}
