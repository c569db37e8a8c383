using System.Runtime.CompilerServices;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>
/// What all ways to open a store share: it reads the catalogue and the segment files directly, whoever writes them.
/// Thread-safe.
/// </summary>
sealed class StoreReader : IDisposable
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    readonly EmbeddedStoreOptions _options;
    readonly string _directory;
    readonly CatalogReader _catalog;
    readonly SegmentFiles _files;
    readonly BlockSource _source;
    long _lookedAt;

    /// <summary>Guards what follows: the blocks as of a version of the catalogue.</summary>
    readonly Lock _gate = new();
    List<RecordBlock>? _blocks;
    long _lastCommit;
    long _version;

    public StoreReader(string directory, EmbeddedStoreOptions options)
    {
        _options = options;
        _directory = directory;
        _catalog = CatalogReader.Open(directory);
        _files = new SegmentFiles(options.Files, directory, options.CacheLength);
        _source = new BlockSource(_files, options.Codec, _catalog);
    }

    public RecordBlock Open(BlockRow row) => new StoredBlock(_source, row);

    /// <summary>All that the catalogue says, as of one moment.</summary>
    public CatalogImage Image() => _catalog.Image(_directory);

    public List<SourcePosition> Positions() => _catalog.Positions();

    public long LastCommit() => _catalog.LastCommit();

    public async Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken)
    {
        CloseRemoved();
        var (lastCommit, blocks) = Current();
        await QueryExecutor.RunAsync(query, blocks, sink, cancellationToken).ConfigureAwait(false);
        return lastCommit;
    }

    /// <summary>The committed blocks that overlap a range of times, both ends included, in the order of commits.</summary>
    public List<RecordBlock> Snapshot(long minTime, long maxTime) => _catalog.Blocks(minTime, maxTime).Blocks.ConvertAll(Open);

    /// <summary>Commits after a number, as of now, and the last commit's number.</summary>
    public (long LastCommit, List<CommittedBlocks> Commits) CommitsAfter(long commit)
    {
        var (last, blocks, parts) = _catalog.BlocksAfter(commit);
        var all = blocks.ConvertAll(row => (row.Frame.Commit, row.Frame.Ordinal, Block: Open(row)));
        all.AddRange(parts.Select(moved => (moved.Part.Commit, moved.Part.Ordinal, Block: (RecordBlock)new StoredPart(_source, moved.Part, moved.Place))));
        return (last, CommitGrouping.ByCommit([.. all.OrderBy(block => block.Commit).ThenBy(block => block.Ordinal).Select(block => (block.Commit, block.Block))]));
    }

    /// <summary>The number before the first commit with records from a time on; the last one's where there are none.</summary>
    public long CommitBefore(long time)
    {
        var (last, blocks) = _catalog.Blocks(time, long.MaxValue);
        return blocks.Count == 0 ? last : blocks.Min(block => block.Frame.Commit) - 1;
    }

    /// <summary>Commits after a number, each once and in order, whenever the feed says that there are new ones.</summary>
    public async IAsyncEnumerable<CommittedBlocks> WatchAsync(
        CommitFeed feed, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watcher = feed.Attach();
        while (await feed.WaitAsync(after, cancellationToken).ConfigureAwait(false) is not null)
        {
            CloseRemoved();
            if (!feed.TryTake(after, out var commits, out var last))
            {
                (last, commits) = CommitsAfter(after);
            }

            foreach (var commit in commits)
            {
                yield return commit;
            }

            after = Math.Max(after, last);
        }
    }

    /// <summary>Closes files that compaction or retention has removed, wherever that was done; looks seldom.</summary>
    public void CloseRemoved()
    {
        var now = _options.Clock.GetTimestamp();
        if (_options.Clock.GetElapsedTime(Volatile.Read(ref _lookedAt), now) >= LookInterval)
        {
            Volatile.Write(ref _lookedAt, now);
            _files.CloseRemoved();
        }
    }

    public CommitReceipt? FindStored(string key) => _catalog.FindKey(key) is { } known ? new(known.Commit, known.Records, AlreadyStored: true) : null;

    public EmbeddedStoreStatus Status()
    {
        var quarantined = _options.Files.ListFiles(DataLayout.Quarantine(_directory))
            .Count(file => !file.EndsWith(".txt", StringComparison.Ordinal));
        return _catalog.Status() with { QuarantinedFiles = quarantined };
    }

    /// <summary>All committed blocks, read from the catalogue again only when it has changed.</summary>
    (long LastCommit, IReadOnlyList<RecordBlock> Blocks) Current()
    {
        lock (_gate)
        {
            // The version first: what is committed between the two is then read once more, never missed.
            var version = _catalog.Version();
            if (_blocks is null || version != _version)
            {
                (_lastCommit, var rows) = _catalog.Blocks(long.MinValue, long.MaxValue);
                _blocks = rows.ConvertAll(Open);
                _version = version;
            }

            return (_lastCommit, _blocks);
        }
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _files.Dispose();
    }
}
