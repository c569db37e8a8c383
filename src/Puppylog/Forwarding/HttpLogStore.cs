using System.Threading.Channels;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Forwarding;

/// <summary>
/// Stores on another machine: commits are encoded here and sent one after the other, each until the server has said that it
/// is on disk. A commit ends other than well only by a conflict of positions or by being cancelled.
/// </summary>
sealed class HttpLogStore : ILogStore
{
    /// <summary>More than a collector has under way: its own bound is the one that counts.</summary>
    const int QueueLength = 64;

    readonly ServerLink _link;
    readonly ServerOptions _options;
    readonly Action<string> _notice;
    readonly Action<SourcePosition> _acknowledged;
    readonly TimeProvider _clock;
    readonly CommitEncoder _encoder = new(BlockCodec.Instance);
    readonly Channel<PendingCommit> _queue = Channel.CreateBounded<PendingCommit>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    readonly CancellationTokenSource _closing = new();
    readonly Task _sending;
    volatile string? _trouble;

    /// <param name="notice">Told, once per occasion, of what keeps positions from being read.</param>
    /// <param name="acknowledged">Told of each position that the server has stored, from any thread.</param>
    public HttpLogStore(ServerLink link, ServerOptions options, Action<string> notice, Action<SourcePosition> acknowledged, TimeProvider clock)
    {
        _link = link;
        _options = options;
        _notice = notice;
        _acknowledged = acknowledged;
        _clock = clock;
        _sending = SendAsync();
    }

    public string? Trouble => _trouble;

    /// <summary>Waits for the server, however long it is away.</summary>
    public async ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken)
    {
        var (soon, late) = Pauses();
        string? said = null;
        while (true)
        {
            var answer = await _link.ReadPositionsAsync(cancellationToken).ConfigureAwait(false);
            if (answer.Value is { } known && TryConvert(known, out var positions))
            {
                if (said is not null)
                {
                    _notice($"the server {_options.Url} answers");
                }

                return positions;
            }

            var trouble = answer.Trouble ?? $"{_options.Url} does not answer as a puppylog server does";
            if (trouble != said)
            {
                _notice(trouble);
                said = trouble;
            }

            await Task.Delay((answer.IsRefused ? late : soon).Next(answer.RetryAfter), _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        var pending = new PendingCommit(_encoder.EncodeAsync(request), cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            if (pending.TryClaim())
            {
                await ((Task)pending.Encoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pending.Fail(e is ChannelClosedException ? new LogStoreException("the store is being closed") : e);
            }
        }

        return await pending.Outcome.ConfigureAwait(false);
    }

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) =>
        Task.FromException<long>(new LogStoreException($"an agent answers no queries; ask {_options.Url}"));

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) =>
        throw new LogStoreException($"an agent has nothing to watch; ask {_options.Url}");

    /// <summary>Breaks off what is still being sent.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _encoder.Dispose();
        _closing.Dispose();
    }

    async Task SendAsync()
    {
        await foreach (var pending in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!pending.TryClaim())
            {
                continue;
            }

            try
            {
                var commit = await pending.Encoding.ConfigureAwait(false);
                await DeliverAsync(pending, commit with { RetryKey = BatchKey.Of(commit) }).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (pending.Cancellation.IsCancellationRequested)
            {
                pending.Cancel();
            }
            catch (OperationCanceledException)
            {
                pending.Fail(new LogStoreException("the store is being closed"));
            }
            catch (Exception e)
            {
                pending.Fail(e);
            }
        }
    }

    async Task DeliverAsync(PendingCommit pending, EncodedCommit commit)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pending.Cancellation, _closing.Token);
        var (soon, late) = Pauses();
        while (true)
        {
            var answer = await _link.SendAsync(commit, either.Token).ConfigureAwait(false);
            if (answer.Value is { } receipt)
            {
                _trouble = null;
                foreach (var move in commit.Positions)
                {
                    _acknowledged(move.To);
                }

                pending.Succeed(new(receipt.Commit, receipt.AlreadyStored ? 0 : commit.Records, receipt.AlreadyStored));
                return;
            }

            if (answer.Conflict is { } conflict)
            {
                _trouble = null;
                throw new PositionConflictException(conflict.Source ?? "", conflict.Path ?? conflict.Source ?? "a source");
            }

            _trouble = answer.Trouble;
            await Task.Delay((answer.IsRefused ? late : soon).Next(answer.RetryAfter), _clock, either.Token).ConfigureAwait(false);
        }
    }

    (Backoff Soon, Backoff Late) Pauses() =>
        (new(_options.FirstPause, _options.LongestPause), new(_options.RefusedPause, _options.RefusedPause));

    static bool TryConvert(KnownPositions known, out IReadOnlyList<SourcePosition> positions)
    {
        try
        {
            positions = [.. known.Positions.Select(position => position.ToPosition())];
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            positions = [];
            return false;
        }
    }
}
