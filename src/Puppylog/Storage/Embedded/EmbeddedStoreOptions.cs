using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded;

/// <summary>What a store works with; the defaults are what users get, tests put in others.</summary>
sealed record EmbeddedStoreOptions(TimeProvider Clock)
{
    public IFileSystem Files { get; init; } = LocalFileSystem.Instance;

    public IBlockCodec Codec { get; init; } = BlockCodec.Instance;

    /// <summary>Counts for metrics; a store that has some does not take records without it. One for each open store.</summary>
    public Func<IMetricEngine>? Metrics { get; init; }

    /// <summary>Makes what hears of the commits of a process that writes: given the directory, how to query it, and where it keeps.</summary>
    public Func<string, ILogStore, IAlertKeeper, ICommitFollower>? Follower { get; init; }

    /// <summary>Measures commits; null where nobody asks.</summary>
    public CommitMeter? Meter { get; init; }

    /// <summary>Called at the steps of a catalogue transaction; what it throws is the step's failure.</summary>
    public Action<CatalogStep>? CatalogHook { get; init; }

    /// <summary>Bytes after which a segment is sealed: big enough for few files, small enough for retention to work by file.</summary>
    public long SealLength { get; init; } = 256L << 20;

    /// <summary>Bytes of decoded columns that an open store keeps for the next query; with 0 it keeps nothing.</summary>
    public long CacheLength { get; init; } = 192L << 20;

    /// <summary>
    /// Blocks after which a segment is sealed, and joined if they are small: a source with a commit each 200 ms fills one in
    /// 1.7 minutes, clients that send 200 bodies a second in 2.5 s, and a query opens so many small blocks in some 3 ms.
    /// </summary>
    public int SealBlocks { get; init; } = 512;

    /// <summary>How often compaction and retention look whether there is work, if no segment was sealed before; infinite: they wait until they are asked.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>An open segment without new blocks for so long is sealed where compaction would make it better.</summary>
    public TimeSpan QuietAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a file stays after nobody needs it: for queries that were planned before.</summary>
    public TimeSpan LeavingDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes that compaction in the background reads and writes in a second at most.</summary>
    public long CompactionRate { get; init; } = 32 << 20;

    /// <summary>How long a writer in another process may take to answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a reader without a writer looks for new commits, and for a writer.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);
}
