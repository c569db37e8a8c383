using System.Net.Sockets;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Remote;

namespace Puppylog.App.Watch;

/// <summary>
/// What a running collector commits to a store. Records count when their commit is seen: collecting an old file beside a
/// monitor is traffic now. The store may come later, and its writers may come and go.
/// </summary>
sealed class StoreFeed(string directory, Action<string> notice, TimeProvider clock) : ITrafficFeed
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    string Missing => $"waiting for a store in {directory}: 'puppylog collect --watch' makes one";

    string Idle => $"nothing writes to the store in {directory} at the moment: 'puppylog collect --watch' does";

    public async Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken)
    {
        await using var store = await OpenAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchWriterAsync(stop.Token);
        try
        {
            await foreach (var commit in store.WatchAsync(cancellationToken))
            {
                Take(commit, sink);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static void Take(CommittedBlocks commit, ITrafficSink sink)
    {
        sink.Commit(commit.Commit);
        foreach (var block in commit.Blocks)
        {
            try
            {
                sink.Take(block.Open(), 0);
            }
            catch (CorruptDataException)
            {
                // The store reports damaged blocks and sets them aside; what else comes is still traffic.
            }
        }
    }

    async Task<ILogStore> OpenAsync(CancellationToken cancellationToken)
    {
        var said = false;
        while (!File.Exists(Path.Combine(directory, "catalog.db")))
        {
            if (!said)
            {
                notice(Missing);
                said = true;
            }

            await Task.Delay(Look, clock, cancellationToken);
        }

        return await EmbeddedStore.OpenReaderAsync(directory, clock, cancellationToken);
    }

    /// <summary>Says when the last writer has gone and when one is there again.</summary>
    async Task WatchWriterAsync(CancellationToken cancellationToken)
    {
        var wasThere = true;
        while (true)
        {
            var isThere = await HasWriterAsync(cancellationToken);
            if (isThere != wasThere)
            {
                notice(isThere ? $"the store in {directory} is written to again" : Idle);
                wasThere = isThere;
            }

            await Task.Delay(2 * Look, clock, cancellationToken);
        }
    }

    async Task<bool> HasWriterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var link = await RemoteLink.ConnectAsync(directory, null, cancellationToken);
            return true;
        }
        catch (Exception wrong) when (wrong is SocketException or WriterGoneException or ArgumentException)
        {
            return false;
        }
    }
}
