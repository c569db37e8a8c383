using System.Runtime.CompilerServices;
using Npgsql;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Reading;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Storage.Postgres.Watching;
using Puppylog.Storage.Postgres.Writing;

namespace Puppylog.Storage.Postgres;

/// <summary>A log store in a PostgreSQL database, with TimescaleDB or without. Any number of processes may write.</summary>
sealed class PostgresStore : ILogStore
{
    static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(1);

    readonly NpgsqlDataSource _source;
    readonly PostgresAddress _address;
    readonly TimeProvider _clock;
    readonly CommitQueue _queue;
    readonly StoredRows _rows;
    readonly CommittedRows _committed;
    readonly CommitListener _listener;

    /// <summary>The server's major version.</summary>
    readonly int _serverVersion;
    int _watchers;

    PostgresStore(NpgsqlDataSource source, PostgresAddress address, SchemaState state, TimeProvider clock)
    {
        _source = source;
        _address = address;
        _serverVersion = state.ServerVersion / 10_000;
        _clock = clock;
        var streams = new StreamBook();
        _queue = new CommitQueue(address, streams, state.IsTimescale, clock);
        _rows = new StoredRows(source, address, streams);
        _committed = new CommittedRows(source, streams);
        _listener = new CommitListener(source, clock);
    }

    public string? Trouble => _queue.Trouble;

    public bool IsWatched => Volatile.Read(ref _watchers) > 0;

    /// <summary>Values of which bytes were replaced since the store was opened, as PostgreSQL does not hold them.</summary>
    public long Replaced => _queue.Replaced;

    /// <param name="store">The address (<see cref="PostgresAddress"/>).</param>
    /// <exception cref="LogStoreException">The address is wrong, the server is not there, or holds no logs.</exception>
    public static async Task<PostgresStore> OpenAsync(string store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var address = PostgresAddress.Parse(store);
        var source = address.CreateSource();
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var state = await SchemaCheck.ReadAsync(connection, address, cancellationToken).ConfigureAwait(false);
                SchemaCheck.Require(state, address);
                return new(source, address, state, clock);
            }
        }
        catch (Exception e)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            if (PostgresErrors.IsOfServer(e))
            {
                throw PostgresErrors.Describe(e, address);
            }

            throw;
        }
    }

    public async ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await LiveConnection.OpenAsync(_source, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return await PositionStatements.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (PostgresErrors.IsOfServer(e))
        {
            throw PostgresErrors.Describe(e, _address);
        }
    }

    public async Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        var receipt = await _queue.CommitAsync(request, cancellationToken).ConfigureAwait(false);
        _listener.Hear(receipt.Commit);
        return receipt;
    }

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) => _rows.QueryAsync(query, sink, cancellationToken);

    public string Explain(LogQuery query) => StoredRows.Explain(query, _serverVersion);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken)
    {
        // From this call on, not from the first step of whoever enumerates.
        var after = LastCommit();
        _listener.Start();
        return WatchAsync(after, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    async IAsyncEnumerable<CommittedBlocks> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _watchers);
        try
        {
            while (true)
            {
                await _listener.WaitAsync(after, cancellationToken).ConfigureAwait(false);
                var heard = _listener.Last;
                var commits = await NextAsync(after, cancellationToken).ConfigureAwait(false);
                foreach (var commit in commits)
                {
                    yield return commit;
                    after = commit.Commit;
                }

                // A number that is no longer kept.
                after = commits.Count == 0 ? heard : after;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    /// <summary>The server may be away for a while: what was committed meanwhile is read when it is back.</summary>
    async Task<IReadOnlyList<CommittedBlocks>> NextAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _committed.ReadAsync(after, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (PostgresErrors.IsOfServer(e) && !cancellationToken.IsCancellationRequested)
            {
                if (!PostgresErrors.IsTransient(e))
                {
                    throw PostgresErrors.Describe(e, _address);
                }

                await Task.Delay(WatchPause, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    long LastCommit()
    {
        try
        {
            using var connection = LiveConnection.Open(_source);
            using var command = new NpgsqlCommand("SELECT coalesce(max(number), 0) FROM log_commits", connection);
            return (long)command.ExecuteScalar()!;
        }
        catch (Exception e) when (PostgresErrors.IsOfServer(e))
        {
            throw PostgresErrors.Describe(e, _address);
        }
    }
}
