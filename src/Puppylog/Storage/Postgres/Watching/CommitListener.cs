using System.Globalization;
using Npgsql;
using Puppylog.Storage.Postgres.Reading;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.Storage.Postgres.Watching;

/// <summary>
/// Hears of commits, of this process and of others, on one connection however many watch. Where it breaks it is made anew,
/// and what was committed meanwhile is found by its number.
/// </summary>
sealed class CommitListener(NpgsqlDataSource source, TimeProvider clock) : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly CancellationTokenSource _closing = new();
    TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task? _listening;
    long _last;

    /// <summary>The last commit that was heard of.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Begins to listen where nobody has yet.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _listening ??= Task.Run(ListenAsync);
        }
    }

    /// <summary>Waits for a commit after that number.</summary>
    public async Task WaitAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (Last > after)
                {
                    return;
                }

                news = _news.Task;
            }

            await news.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes note of a commit.</summary>
    public void Hear(long number)
    {
        TaskCompletionSource? news = null;
        lock (_gate)
        {
            if (number > _last)
            {
                Interlocked.Exchange(ref _last, number);
                (news, _news) = (_news, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        news?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        if (_listening is not null)
        {
            await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _closing.Dispose();
    }

    async Task ListenAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var connection = await source.OpenConnectionAsync(_closing.Token).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    connection.Notification += OnNotification;
                    try
                    {
                        await Bootstrap.ExecuteAsync(connection, $"LISTEN {SchemaSteps.Channel}", _closing.Token).ConfigureAwait(false);
                        Hear(await StoredRows.LastCommitAsync(connection, _closing.Token).ConfigureAwait(false));
                        while (true)
                        {
                            await connection.WaitAsync(_closing.Token).ConfigureAwait(false);
                        }
                    }
                    finally
                    {
                        connection.Notification -= OnNotification;
                    }
                }
            }
            catch (Exception e) when (PostgresErrors.IsOfServer(e))
            {
                await Task.Delay(Pause, clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    void OnNotification(object sender, NpgsqlNotificationEventArgs told)
    {
        if (long.TryParse(told.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            Hear(number);
        }
    }
}
