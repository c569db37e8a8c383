using System.Globalization;
using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The one writing connection to catalog.db. Used by one thread at a time; the directory's lock must be held.</summary>
sealed class CatalogWriter : IDisposable
{
    /// <summary>How long an idempotency key is remembered at most, in nanoseconds.</summary>
    const long KeyLifetime = 24 * 3600 * Timestamps.Second;

    /// <summary>How many of the newest keys are remembered at most.</summary>
    const long KeyCount = 1_000_000;

    /// <summary>
    /// Commits after which what they added to metrics is brought together: where it is little, so that readers look at few;
    /// where it is much, because bringing together writes all again that there is of the same periods.
    /// </summary>
    const int MostWaitingOfLittle = 64;
    const int MostWaiting = 1024;
    const int LittleBytes = 1 << 20;

    /// <summary>Bytes after which it is done in any case: whoever asks for a metric reads them, in a tenth of a second.</summary>
    const int MostWaitingBytes = 32 << 20;

    readonly string _directory;
    readonly Action<CatalogStep>? _hook;
    SqliteConnection _connection = null!;
    CatalogStatements _statements = null!;
    int _keysSincePrune;

    /// <summary>Counts for metrics that are not in their chunks.</summary>
    long _waitingCounts;
    long _waitingBytes;

    /// <summary>The metrics as of a revision.</summary>
    (long Revision, List<MetricRow> Metrics) _metrics = (-1, []);

    CatalogWriter(string directory, Action<CatalogStep>? hook)
    {
        _directory = directory;
        _hook = hook;
    }

    public Guid StoreId { get; private set; }

    /// <summary>Opens the catalogue, makes it where it is missing and brings its schema up to date.</summary>
    public static CatalogWriter Open(string directory, Action<CatalogStep>? hook)
    {
        var catalog = new CatalogWriter(directory, hook);
        catalog.Connect();
        return catalog;
    }

    /// <summary>Opens a new connection, so that what is read is what a crash would leave.</summary>
    public void Reopen()
    {
        _hook?.Invoke(CatalogStep.ReadingBack);
        Dispose();
        Connect();
    }

    public long LastCommit() => Number("SELECT last_commit FROM store");

    /// <summary>The most bytes that were ever between a segment's recorded length and its end, by intent.</summary>
    public long InFlight() => Number("SELECT in_flight FROM store");

    public void RaiseInFlight(long bytes)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "UPDATE store SET in_flight = max(in_flight, $bytes)";
        command.Parameters.AddWithValue("$bytes", bytes);
        command.ExecuteNonQuery();
    }

    public List<SegmentRow> Segments() => CatalogQueries.Segments(_connection);

    /// <summary>What is recorded of a segment; null where nothing is.</summary>
    public RecordedSegment? FindSegment(long id)
    {
        using var reader = _statements.FindSegment.Read(id);
        return reader.Read() ? new(reader.GetInt64(0), (SegmentState)reader.GetInt32(1), reader.GetInt32(2)) : null;
    }

    public List<Leaving> Leavings() => UpkeepQueries.Leavings(_connection);

    /// <summary>Counts the transactions other than commits.</summary>
    public long Revision() => UpkeepQueries.Number(_connection, UpkeepNumber.Revision);

    public long Number(UpkeepNumber name) => UpkeepQueries.Number(_connection, name);

    public List<FrameEntry> Frames(long segment) => CatalogQueries.Frames(_connection, segment);

    public List<SourcePosition> Positions() => CatalogQueries.Positions(_connection);

    public KeyRow? FindKey(string key)
    {
        using var reader = _statements.FindKey.Read(key);
        return reader.Read() ? new KeyRow(key, reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>
    /// Makes what is read now count for good: to be called before files are cut or deleted for it. A killed writer, or one whose
    /// disk failed, may have left a transaction in the write-ahead log that the log's index does not tell of. As long as readers
    /// are attached nobody sees it; when none is, the log is read anew and it is there. Whatever is written puts an end to it.
    /// </summary>
    /// <remarks>"The WAL-index is reconstructed … when the first connection is made": sqlite.org, walformat, 2.2.</remarks>
    public void Confirm()
    {
        using var command = _connection.CreateCommand();
        // It has to be another value each time: a page that stays as it is would not be written.
        command.CommandText = $"INSERT INTO upkeep(name, value) VALUES ('{UpkeepNumber.Confirmed}', 1) ON CONFLICT(name) DO UPDATE SET value = value + 1";
        command.ExecuteNonQuery();
    }

    /// <summary>Takes blocks that lie past the end of a cut segment out of what queries see.</summary>
    public void MarkDamaged(long segment, long length)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        _statements.DamageBlocks.Execute(transaction, segment, length);
        _statements.DamageSegment.Execute(transaction, segment);
        transaction.Commit();
    }

    /// <summary>The metrics, read again when they have changed, and their revision.</summary>
    public (long Revision, IReadOnlyList<MetricRow> Metrics) Metrics()
    {
        var revision = MetricRevision(null);
        if (revision != _metrics.Revision)
        {
            using var transaction = _connection.BeginTransaction(deferred: true);
            _metrics = (MetricRevision(transaction), new MetricTables(_connection, transaction).Metrics());
        }

        return _metrics;
    }

    /// <summary>Records commits, all or nothing. After an exception the outcome is unknown until it is read back.</summary>
    public void Apply(CatalogChange change) => Transact(transaction =>
    {
        foreach (var segment in change.Segments)
        {
            _statements.PutSegment.Execute(transaction, segment.Id, segment.Day, segment.Length, (int)segment.State, change.Time);
        }

        foreach (var block in change.Blocks)
        {
            AddBlock(transaction, block);
        }

        foreach (var move in change.Positions)
        {
            Move(transaction, move);
        }

        foreach (var key in change.Keys)
        {
            _statements.AddKey.Execute(transaction, key.Key, key.Commit, key.Records, change.Time);
        }

        PruneKeys(transaction, change);
        AddCounts(transaction, change);
        _statements.SetCommit.Execute(transaction, change.LastCommit);
    });

    /// <summary>Records what is no commit: all or nothing, and the revision moves by one.</summary>
    public void Apply(UpkeepChange change) => Transact(transaction =>
    {
        var upkeep = new UpkeepStatements(_connection, transaction);
        foreach (var segment in change.Removed)
        {
            upkeep.Remove(segment, change.Time);
        }

        if (change.Added is { } added)
        {
            _statements.PutSegment.Execute(
                transaction, added.Segment.Id, added.Segment.Day, added.Segment.Length, (int)added.Segment.State, added.Written);
            foreach (var (frame, metadata) in added.Frames)
            {
                AddBlock(transaction, new(added.Segment.Id, added.Segment.Day, frame));
                upkeep.AddParts(frame, metadata);
            }

            upkeep.Forget(added.Segment.Id);
        }

        upkeep.Apply(change);
    });

    /// <summary>Records how alerts stand, all or nothing.</summary>
    public void Apply(AlertProgressChange change) => Transact(transaction => new AlertTables(_connection, transaction).Keep(change));

    public void Dispose()
    {
        _statements?.Dispose();
        _connection?.Dispose();
    }

    void Transact(Action<SqliteTransaction> write)
    {
        _hook?.Invoke(CatalogStep.Opening);
        using (var transaction = _connection.BeginTransaction(deferred: false))
        {
            write(transaction);
            _hook?.Invoke(CatalogStep.Committing);
            transaction.Commit();
        }

        _hook?.Invoke(CatalogStep.Committed);
    }

    void AddBlock(SqliteTransaction transaction, BlockRow block)
    {
        var frame = block.Frame;
        _statements.AddBlock.Execute(
            transaction, block.Segment, frame.Offset, frame.BodyOffset, frame.BodyLength, frame.Commit, frame.Ordinal, frame.Records,
            frame.MinTime, frame.MaxTime);
    }

    void Move(SqliteTransaction transaction, PositionChange move)
    {
        var (from, to) = move;
        var moved = from is null
            ? _statements.AddPosition.Execute(
                transaction, to.Source, to.Generation, to.Offset, to.Line, to.Path, to.FingerprintLength, (long)to.Fingerprint)
            : _statements.MovePosition.Execute(
                transaction, to.Source, to.Generation, to.Offset, to.Line, to.Path, to.FingerprintLength, (long)to.Fingerprint,
                from.Generation, from.Offset);
        if (moved != 1)
        {
            throw new PositionConflictException(to.Source, to.Path);
        }
    }

    void AddCounts(SqliteTransaction transaction, CatalogChange change)
    {
        var tables = new MetricTables(_connection, transaction);
        if (change.Tally is not { } tally)
        {
            if (change.Blocks.Count > 0 && MetricRevision(transaction) > 0 && tables.Metrics().Count > 0)
            {
                throw new LogStoreException("the store has metrics, and this way of writing it does not count for them");
            }

            return;
        }

        // Whoever changed the metrics since did it before this transaction, or does it after.
        if (MetricRevision(transaction) != tally.Revision)
        {
            tally.Count(MetricRevision(transaction), tables.Metrics());
        }

        if (tally.Counts.Length == 0)
        {
            return;
        }

        tables.AddCounts(change.LastCommit, tally.Counts);
        _waitingCounts++;
        _waitingBytes += tally.Counts.Length;
        if (IsFoldDue())
        {
            tables.Fold(tally.Engine);
            (_waitingCounts, _waitingBytes) = (0, 0);
        }
    }

    bool IsFoldDue() => _waitingCounts >= (_waitingBytes <= LittleBytes ? MostWaitingOfLittle : MostWaiting) || _waitingBytes >= MostWaitingBytes;

    void PruneKeys(SqliteTransaction transaction, CatalogChange change)
    {
        _keysSincePrune += change.Keys.Count;
        if (_keysSincePrune >= 1000)
        {
            _statements.PruneKeys.Execute(transaction, change.Time - KeyLifetime, KeyCount);
            _keysSincePrune = 0;
        }
    }

    void Connect()
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = DataLayout.CatalogFile(_directory),
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        _connection.Open();
        using (var command = _connection.CreateCommand())
        {
            command.CommandText = "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216;";
            command.ExecuteNonQuery();
        }

        CatalogSchema.Migrate(_connection, _directory);
        _statements = new CatalogStatements(_connection);
        (_waitingCounts, _waitingBytes) = new MetricTables(_connection, null).Waiting();
        using var id = _connection.CreateCommand();
        id.CommandText = "SELECT id FROM store";
        StoreId = Guid.Parse((string)id.ExecuteScalar()!, CultureInfo.InvariantCulture);
    }

    long MetricRevision(SqliteTransaction? transaction) => _statements.MetricRevision.Find(transaction) is long revision ? revision : 0;

    long Number(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
