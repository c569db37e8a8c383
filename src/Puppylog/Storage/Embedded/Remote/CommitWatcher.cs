using System.Net.Sockets;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Reading;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>
/// Keeps the feed of a process that does not write up to date: told by the writer where there is one, else by looking at
/// the catalogue now and then. It hands on numbers only; watchers read the blocks from the files.
/// </summary>
sealed class CommitWatcher(string directory, EmbeddedStoreOptions options, StoreReader reader) : IAsyncDisposable
{
    readonly CancellationTokenSource _closing = new();
    readonly Lock _gate = new();
    Task? _running;

    public CommitFeed Feed { get; } = new();

    /// <summary>Begins watching, once; returns the last commit as of now.</summary>
    public long Start()
    {
        lock (_gate)
        {
            var last = reader.LastCommit();
            if (_running is null)
            {
                Feed.Restart(last);
                _running = RunAsync();
            }

            return last;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        if (_running is not null)
        {
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Feed.Close();
        _closing.Dispose();
    }

    async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            try
            {
                await ListenAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or IOException or ArgumentException || (e is OperationCanceledException && !_closing.IsCancellationRequested))
            {
                // Nobody writes at the moment.
            }

            try
            {
                Advance(reader.LastCommit());
            }
            catch (LogStoreException)
            {
                // The catalogue is busy; the next look will tell.
            }

            await Task.Delay(options.PollInterval, options.Clock, _closing.Token).ConfigureAwait(false);
        }
    }

    async Task ListenAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        timeout.CancelAfter(options.AnswerTimeout);
        var link = await RemoteLink.ConnectAsync(directory, Advance, timeout.Token).ConfigureAwait(false);
        try
        {
            await link.SubscribeAsync(timeout.Token).ConfigureAwait(false);
            await link.Closed.WaitAsync(_closing.Token).ConfigureAwait(false);
        }
        finally
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    void Advance(long last)
    {
        if (last > Feed.Last)
        {
            Feed.Restart(last);
        }
    }
}
