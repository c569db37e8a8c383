using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Watch;

/// <summary>
/// What a running collector commits to a store. Records count when their commit is seen: collecting an old file beside a
/// monitor is traffic now.
/// </summary>
sealed class StoreFeed(string directory, TimeProvider clock) : ITrafficFeed
{
    public async Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken)
    {
        await using var store = await EmbeddedStore.OpenReaderAsync(directory, clock, cancellationToken);
        await foreach (var commit in store.WatchAsync(cancellationToken))
        {
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
    }
}
