using Microsoft.Data.Sqlite;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Reading;
using Puppylog.Storage.Embedded.Recovery;
using Puppylog.Storage.Embedded.Remote;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Storage.Embedded;

/// <summary>The one writer of a data directory.</summary>
sealed class LocalStore : ILogStore, ICommitTarget, IEmbeddedStore, IEncodedIntake, IAlertKeeper, ICommitHistory
{
    const int SqliteReadOnly = 8;
    const int SqliteCannotOpen = 14;

    readonly DirectoryLock _lock;
    readonly CatalogWriter _catalog;
    readonly StoreReader _reader;
    readonly CommitEncoder _encoder;
    readonly CommitWriter _writer;
    readonly WriterSocket _socket;
    readonly Upkeep _upkeep;
    readonly ICommitFollower? _follower;
    int _disposed;

    LocalStore(string directory, EmbeddedStoreOptions options, DirectoryLock taken)
    {
        _lock = taken;
        var startUp = new StartUp(directory, options);
        startUp.RefuseWithoutCatalog();
        _catalog = CatalogWriter.Open(directory, options.CatalogHook);
        try
        {
            options.Files.SyncDirectory(directory);
            var nextId = startUp.Align(_catalog);
            var segments = new SegmentSet(options.Files, directory, _catalog.StoreId, options.SealBlocks) { SealLength = options.SealLength };
            segments.Load(_catalog.Segments(), nextId, _catalog.FindSegment);
            _reader = new StoreReader(directory, options);
            _writer = new CommitWriter(directory, options.Clock, _catalog, segments, _reader.Open, Feed)
            {
                Metrics = options.Metrics?.Invoke(),
                Codec = options.Codec,
                Meter = options.Meter,
            };
            _upkeep = new Upkeep(directory, options, _writer, _reader.CloseRemoved);
            _writer.TroubleChanged += () => TroubleChanged?.Invoke();
            _upkeep.TroubleChanged += () => TroubleChanged?.Invoke();
            var policy = RetentionPolicy.Of(_catalog.Number(UpkeepNumber.RetainAge), _catalog.Number(UpkeepNumber.RetainBytes));
            segments.SealLength = RetentionKeeper.SealLength(policy, options.SealLength);
        }
        catch
        {
            _reader?.Dispose();
            _catalog.Dispose();
            throw;
        }

        _encoder = new CommitEncoder(options.Codec) { Kept = () => _writer.MetricFields };
        _socket = new WriterSocket(this);
        _follower = options.Follower?.Invoke(directory, this, this);
        _writer.Follower = _follower;
    }

    public string? Trouble => _writer.Trouble ?? _upkeep.Trouble;

    public bool IsHindered => _writer.Trouble is not null;

    /// <summary>Called when <see cref="Trouble"/> or <see cref="IsHindered"/> may have changed.</summary>
    public event Action? TroubleChanged;

    public bool IsWatched => Feed.IsWatched;

    public CommitFeed Feed { get; } = new();

    public CommitWriter Writer => _writer;

    /// <summary>Opens the store under a lock that is already taken; the store releases it when it is disposed, or on failure.</summary>
    /// <exception cref="LogStoreException">The directory cannot be used.</exception>
    public static LocalStore Open(string directory, EmbeddedStoreOptions options, DirectoryLock taken)
    {
        try
        {
            var store = new LocalStore(directory, options, taken);
            store._writer.Start();
            store._upkeep.Start();
            store._socket.Listen(directory);
            store._follower?.Start();
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            taken.Dispose();
            throw e is SqliteException sqlite && CatalogSchema.IsDamage(sqlite)
                ? CatalogSchema.Damaged(directory, e)
                : new LogStoreException(Explain(directory, e), e);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) => new(_reader.Positions());

    public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        _writer.CommitAsync(_encoder.EncodeAsync(request), cancellationToken);

    public Task<CommitReceipt> CommitAsync(EncodedCommit commit, CancellationToken cancellationToken) =>
        _writer.CommitAsync(Task.FromResult(commit), cancellationToken);

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) =>
        _reader.QueryAsync(query, sink, cancellationToken);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) =>
        _reader.WatchAsync(Feed, Feed.Last, cancellationToken);

    public long LastCommit => Feed.Last;

    public long CommitBefore(long time) => _reader.CommitBefore(time);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(long after, CancellationToken cancellationToken) => _reader.WatchAsync(Feed, after, cancellationToken);

    public Task<CompactionReport> CompactAsync(IProgress<CompactionProgress>? progress, CancellationToken cancellationToken) =>
        _upkeep.CompactAsync(progress, cancellationToken);

    public Task<RetentionPolicy> SetRetentionAsync(RetentionChange change, CancellationToken cancellationToken) =>
        _upkeep.SetRetentionAsync(change, cancellationToken);

    public Task KeepAsync(AlertProgressChange change, CancellationToken cancellationToken) => _writer.ChangeAsync(
        (catalog, _) =>
        {
            catalog.Apply(change);
            return true;
        },
        cancellationToken);

    /// <summary>Does at once what the background does now and then.</summary>
    public Task<CompactionReport> TendAsync(CancellationToken cancellationToken) => _upkeep.TendAsync(cancellationToken);

    public EmbeddedStoreStatus ReadStatus() => _reader.Status();

    public CommitReceipt? FindStored(string key) => _reader.FindStored(key);

    public IReadOnlyList<RecordBlock> Snapshot() => _reader.Snapshot(long.MinValue, long.MaxValue);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // The socket goes first: once the lock is free, the next writer binds one of the same name.
        await _socket.DisposeAsync().ConfigureAwait(false);
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        if (_follower is not null)
        {
            await _follower.DisposeAsync().ConfigureAwait(false);
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
        Feed.Close();
        _encoder.Dispose();
        _reader.Dispose();
        _catalog.Dispose();
        _lock.Dispose();
    }

    static string Explain(string directory, Exception e) => e switch
    {
        _ when DiskErrors.IsDiskFull(e) => $"cannot open the store in {directory}: the disk is full",
        UnauthorizedAccessException or SqliteException { SqliteErrorCode: SqliteReadOnly or SqliteCannotOpen } =>
            $"cannot write into the data directory {directory}: {e.Message}; name another one with --data DIR",
        _ => $"cannot open the store in {directory}: {e.Message}",
    };
}
