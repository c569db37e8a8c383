using System.Threading.Channels;
using Npgsql;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>
/// Commits, one after the other in the order of the calls, each until it is known to be on the server's disk. What keeps the
/// server from taking it is waited out, however long it lasts; a conflict of positions, and what no waiting helps against,
/// ends the commit.
/// </summary>
sealed class CommitQueue : IAsyncDisposable
{
    /// <summary>More than a collector has under way: its own bound is the one that counts.</summary>
    const int Length = 64;

    /// <summary>Seconds that a statement may take: longer, and the connection is taken for dead. A migration may hold a table for a while.</summary>
    const int StatementSeconds = 300;

    /// <summary>Commits after which what is no longer needed of them is looked for.</summary>
    const int PruneEvery = 1000;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly NpgsqlDataSource _source;
    readonly PostgresAddress _address;
    readonly TimeProvider _clock;
    readonly CommitTransaction _transaction;
    readonly Channel<PendingWrite> _queue = Channel.CreateBounded<PendingWrite>(
        new BoundedChannelOptions(Length) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    readonly CancellationTokenSource _closing = new();
    readonly Task _writing;
    NpgsqlConnection? _connection;
    int _commits;
    volatile string? _trouble;

    public CommitQueue(PostgresAddress address, StreamBook streams, bool isTimescale, TimeProvider clock)
    {
        // A session remembers what held when it began, such as that the server takes no writes.
        _source = address.CreateSource(keepsConnections: false);
        _address = address;
        _clock = clock;
        _transaction = new CommitTransaction(streams, isTimescale ? null : new DayPartitions(clock));
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>What keeps commits from being stored at the moment.</summary>
    public string? Trouble => _trouble;

    /// <summary>Values of which bytes were replaced since the store was opened.</summary>
    public long Replaced => _transaction.Replaced;

    public async Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        using var pending = new PendingWrite(request, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new LogStoreException("the store is being closed");
        }

        return await pending.Outcome.ConfigureAwait(false);
    }

    /// <summary>Breaks off what is still being written.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LeaveAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _transaction.Dispose();
        _closing.Dispose();
    }

    async Task WriteAsync()
    {
        await foreach (var pending in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!pending.TryClaim())
            {
                continue;
            }

            try
            {
                pending.Succeed(await WriteAsync(pending).ConfigureAwait(false));
                if (_commits++ % PruneEvery == 0)
                {
                    await PruneAsync().ConfigureAwait(false);
                }
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
                pending.Fail(PostgresErrors.IsOfServer(e) ? PostgresErrors.Describe(e, _address) : e);
            }
        }
    }

    async Task<CommitReceipt> WriteAsync(PendingWrite pending)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pending.Cancellation, _closing.Token);
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var receipt = await _transaction.RunAsync(await ConnectAsync(either.Token).ConfigureAwait(false), pending, either.Token).ConfigureAwait(false);
                _trouble = null;
                return receipt;
            }
            catch (PositionConflictException)
            {
                _trouble = null;
                throw;
            }
            catch (PostgresException e) when (e is { SqlState: PostgresErrors.UniqueViolation, ConstraintName: "log_commits_token_key" })
            {
                // An earlier attempt has got through meanwhile: it is found at the next one.
                await LeaveAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (!either.IsCancellationRequested && PostgresErrors.IsTransient(e))
            {
                _trouble = PostgresErrors.Sentence(e, _address) + "; it is tried again until it works";
                await LeaveAsync().ConfigureAwait(false);
                await Task.Delay((pause / 2) + (pause / 2 * Random.Shared.NextDouble()), _clock, either.Token).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch
            {
                await LeaveAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            _connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await Bootstrap.ExecuteAsync(_connection, $"SET {SchemaSteps.WriterSetting} = 'on'; SET statement_timeout = '{StatementSeconds}s'", cancellationToken).ConfigureAwait(false);
        }

        return _connection;
    }

    /// <summary>A commit is asked for by its token or number, and a key by who sends again, within a day; the last number stays.</summary>
    async Task PruneAsync()
    {
        try
        {
            var connection = await ConnectAsync(_closing.Token).ConfigureAwait(false);
            await Bootstrap.ExecuteAsync(
                connection,
                """
                DELETE FROM log_commits WHERE at < now() - interval '1 day' AND number < (SELECT max(number) FROM log_commits);
                DELETE FROM log_keys WHERE at < now() - interval '1 day'
                """,
                _closing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.IsOfServer(e) || e is OperationCanceledException)
        {
            // Another time.
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connection, whatever state it is in.</summary>
    async ValueTask LeaveAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
