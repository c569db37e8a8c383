using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Tail;

/// <summary>
/// Follows a store's commits for one client, on a thread of its own that waits where the client reads slowly. It holds one
/// commit at a time; a client that has fallen too far behind is told how many records it missed, exactly, and goes on with
/// what is new.
/// </summary>
sealed class LiveTail(ICommitHistory history, LogQuery query, ITailOutput output, TimeProvider clock, CancellationToken cancellation)
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    readonly TailLag _lag = new(clock);
    CommittedBlocks? _commit;
    long _skipped;

    /// <summary>How long results of queries that gather (stats, top) are gathered for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>True where the client came with a cursor of another store.</summary>
    public bool IsReset { get; init; }

    /// <summary>Sends until the client has gone, or the server ends.</summary>
    /// <exception cref="LogStoreException">The store cannot be read.</exception>
    public void Run(TailCursor from)
    {
        if (IsReset)
        {
            output.Reset(from);
        }

        if (!output.Beat())
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var commits = history.WatchAsync(from.After, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = commits.MoveNextAsync().AsTask();
        try
        {
            if (query.Pipes.All(pipe => pipe is RowwisePipe))
            {
                Follow(commits, ref next, from);
            }
            else
            {
                Gather(commits, ref next);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how a tail ends.
        }
        finally
        {
            // What watches must have ended before it can be disposed of.
            stop.Cancel();
            ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            commits.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    void Follow(IAsyncEnumerator<CommittedBlocks> commits, ref Task<bool> next, TailCursor from)
    {
        var goesOn = true;
        while (goesOn)
        {
            if (!next.IsCompleted)
            {
                _lag.CaughtUp();
                goesOn = SaySkipped() && Wait(next, Heartbeat);
                continue;
            }

            if (!next.GetAwaiter().GetResult())
            {
                return;
            }

            _commit = commits.Current;
            goesOn = Send(_commit, _lag.IsTooLarge(_commit.Commit, history.LastCommit), from.Known(_commit.Commit));
            next = commits.MoveNextAsync().AsTask();
        }
    }

    bool Send(CommittedBlocks commit, bool isLeftOut, long known)
    {
        if (!isLeftOut && !SaySkipped())
        {
            return false;
        }

        var sink = new TailSink(isLeftOut ? null : output, commit.Commit, known);
        RunQuery(commit.Blocks, sink);
        _skipped += isLeftOut ? Math.Max(0, sink.Rows - known) : 0;
        return isLeftOut || sink.Rows <= known || output.Flush();
    }

    bool SaySkipped()
    {
        if (_skipped == 0)
        {
            return true;
        }

        output.Skipped(_skipped, TailCursor.Behind(_commit!.Commit - (_lag.IsSkipping ? 0 : 1)));
        _skipped = 0;
        return output.Flush();
    }

    /// <summary>Results of an interval each: of the records that were committed in it.</summary>
    void Gather(IAsyncEnumerator<CommittedBlocks> commits, ref Task<bool> next)
    {
        var blocks = new List<RecordBlock>();
        var begin = clock.GetTimestamp();
        while (true)
        {
            var left = Interval - clock.GetElapsedTime(begin);
            if (left > TimeSpan.Zero)
            {
                if (next.Wait((int)Math.Ceiling(left.TotalMilliseconds), cancellation))
                {
                    if (!next.Result)
                    {
                        return;
                    }

                    _commit = commits.Current;
                    blocks.AddRange(_commit.Blocks);
                    next = commits.MoveNextAsync().AsTask();
                }

                continue;
            }

            begin = clock.GetTimestamp();
            if (blocks.Count > 0)
            {
                RunQuery(blocks, new TailSink(output, _commit!.Commit, 0));
                blocks.Clear();
            }

            if (!output.Flush())
            {
                return;
            }
        }
    }

    void RunQuery(IReadOnlyList<RecordBlock> blocks, TailSink sink) => QueryExecutor.RunAsync(query, blocks, sink, cancellation).GetAwaiter().GetResult();

    /// <summary>Waits for the next commit; false where the client has gone.</summary>
    bool Wait(Task<bool> next, TimeSpan time) =>
        Task.WaitAny([next], (int)time.TotalMilliseconds, cancellation) == 0 || output.Beat();
}
