using Puppylog.Records;

namespace Puppylog.Storage.Embedded;

/// <summary>What every way to open the embedded store offers beside <see cref="ILogStore"/>.</summary>
interface IEmbeddedStore
{
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    EmbeddedStoreStatus ReadStatus();

    /// <summary>All committed blocks at this moment, in the order of commits.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    IReadOnlyList<RecordBlock> Snapshot();

    /// <summary>The commit that an idempotency key was stored with; null where the key is not known.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    CommitReceipt? FindStored(string key);
}
