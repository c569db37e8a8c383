using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Remote;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>A store opened for reading only, beside a writer or without one.</summary>
sealed class ReaderStore : ILogStore, IEmbeddedStore
{
    readonly string _directory;
    readonly StoreReader _reader;
    readonly CommitWatcher _watcher;

    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public ReaderStore(string directory, EmbeddedStoreOptions options)
    {
        _directory = directory;
        _reader = new StoreReader(directory, options);
        _watcher = new CommitWatcher(directory, options, _reader);
    }

    public string? Trouble => null;

    public ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) => new(_reader.Positions());

    public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        Task.FromException<CommitReceipt>(new LogStoreException($"the store in {_directory} is open for reading only"));

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) =>
        _reader.QueryAsync(query, sink, cancellationToken);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) =>
        _reader.WatchAsync(_watcher.Feed, _watcher.Start(), cancellationToken);

    public EmbeddedStoreStatus ReadStatus() => _reader.Status();

    public CommitReceipt? FindStored(string key) => _reader.FindStored(key);

    public IReadOnlyList<RecordBlock> Snapshot() => _reader.Snapshot(long.MinValue, long.MaxValue);

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync().ConfigureAwait(false);
        _reader.Dispose();
    }
}
