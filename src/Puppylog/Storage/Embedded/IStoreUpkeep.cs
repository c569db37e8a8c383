using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Storage.Embedded;

/// <summary>What a store that is open for writing does beside commits, asked for here or through the writer's socket.</summary>
interface IStoreUpkeep
{
    /// <summary>
    /// Compacts all that can be made better by it, at full speed, though never before commits. Cancelling loses what is not
    /// exchanged yet, and leaves nothing behind.
    /// </summary>
    /// <exception cref="LogStoreException">It failed; the message says why. What was exchanged before stays.</exception>
    Task<CompactionReport> CompactAsync(IProgress<CompactionProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Changes what the store keeps, from now on, and returns what holds now.</summary>
    /// <exception cref="LogStoreException">It cannot be recorded.</exception>
    Task<RetentionPolicy> SetRetentionAsync(RetentionChange change, CancellationToken cancellationToken);
}
