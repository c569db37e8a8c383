using Puppylog.App.Cli;
using Puppylog.Pipeline;
using Puppylog.Sources;
using Puppylog.Sources.Files;

namespace Puppylog.App.Watch;

/// <summary>One reading of a <see cref="LogFeed"/>'s sources, on one thread at a time.</summary>
sealed class LogReader : IDisposable
{
    static readonly TimeSpan WatchedPoll = TimeSpan.FromSeconds(1);
    static readonly TimeSpan UnwatchedPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs that one source gives before it is the others' turn.</summary>
    const int RunsPerTurn = 8;

    readonly LogFeed _feed;
    readonly List<LineIntake> _intakes;
    readonly WakeSignal _wake = new();
    readonly FileWatcher? _watcher;

    public LogReader(LogFeed feed, ITrafficSink sink)
    {
        _feed = feed;
        _watcher = feed.Replay ? null : new FileNotification(feed.Notice).TryOpen(_wake.Set);
        // No positions: the next run knows of nothing that this one read.
        var context = new SourceContext(
            !feed.Replay, LineIntake.MaxLine, new PositionBook([]), _watcher, _wake.Set, feed.Notice, feed.Clock, FromEnd: !feed.Replay);
        _intakes = LogSources.Create(feed.Names, context, feed.StandardInput)
            .ConvertAll(source => new LineIntake(source, feed.Lines, sink, feed.Clock));
    }

    /// <summary>True where nothing more can come.</summary>
    public bool IsEnded => _intakes.TrueForAll(intake => intake.Source.IsEnded);

    public IReadOnlyList<SourceStanding> Standings() => [.. _intakes.Select(intake => intake.Standing)];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _watcher?.Start();
        while (!IsEnded)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Step() && !IsEnded)
            {
                var undecided = _intakes.Exists(intake => intake.Source.IsUndecided);
                var time = undecided ? FollowedFile.DecisionTime / 2
                    : _watcher is null || _intakes.Exists(intake => intake.HoldsLines) ? UnwatchedPoll
                    : WatchedPoll;
                await _wake.WaitAsync(time, _feed.Clock, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Looks at the sources and takes what they have, up to a bound; false where there was nothing. In a replay the next
    /// source's turn comes when the one before it has ended.
    /// </summary>
    /// <exception cref="UsageException">A source cannot be read.</exception>
    public bool Step()
    {
        _watcher?.Drain();
        var progressed = false;
        foreach (var intake in _intakes)
        {
            if (intake.Source.IsEnded)
            {
                continue;
            }

            intake.Source.Look();
            progressed |= ReadTurn(intake);
            if (intake.Source.Failure is { } failure)
            {
                Fail(failure);
            }

            if (_feed.Replay)
            {
                break;
            }
        }

        return progressed;
    }

    public void Dispose()
    {
        foreach (var intake in _intakes)
        {
            intake.Source.Dispose();
        }

        _watcher?.Dispose();
    }

    static bool ReadTurn(LineIntake intake)
    {
        var runs = 0;
        while (runs < RunsPerTurn && intake.Source.TryRead(out var run))
        {
            intake.Add(run);
            runs++;
        }

        intake.Deliver();
        return runs > 0;
    }

    /// <summary>Live, the others go on; numbers of a replay that lacks a source would be wrong.</summary>
    void Fail(string failure)
    {
        if (_feed.Replay || IsEnded)
        {
            throw new UsageException(failure);
        }

        _feed.Notice(failure);
    }
}
