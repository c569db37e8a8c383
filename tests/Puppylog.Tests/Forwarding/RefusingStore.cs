using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Forwarding;

/// <summary>A store that at times takes nothing, and says so only when it is given something.</summary>
sealed class RefusingStore(ILogStore store, Func<bool> refuses) : ILogStore, IEmbeddedStore
{
    public string? Trouble => store.Trouble;

    public ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) => store.ReadPositionsAsync(cancellationToken);

    public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        refuses() ? throw new LogStoreException("nothing is taken at the moment") : store.CommitAsync(request, cancellationToken);

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) => store.QueryAsync(query, sink, cancellationToken);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) => store.WatchAsync(cancellationToken);

    public EmbeddedStoreStatus ReadStatus() => ((IEmbeddedStore)store).ReadStatus();

    public IReadOnlyList<RecordBlock> Snapshot() => ((IEmbeddedStore)store).Snapshot();

    public CommitReceipt? FindStored(string key) => ((IEmbeddedStore)store).FindStored(key);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
