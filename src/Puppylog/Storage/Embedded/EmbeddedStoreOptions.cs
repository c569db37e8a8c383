using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded;

/// <summary>What a store works with; the defaults are what users get, tests put in others.</summary>
sealed record EmbeddedStoreOptions(TimeProvider Clock)
{
    public IFileSystem Files { get; init; } = LocalFileSystem.Instance;

    public IBlockCodec Codec { get; init; } = BlockCodec.Instance;

    /// <summary>Called at the steps of a catalogue transaction; what it throws is the step's failure.</summary>
    public Action<CatalogStep>? CatalogHook { get; init; }

    /// <summary>Bytes after which a segment is sealed: big enough for few files, small enough for retention to work by file.</summary>
    public long SealLength { get; init; } = 256L << 20;

    /// <summary>Bytes of decoded columns that an open store keeps for the next query; with 0 it keeps nothing.</summary>
    public long CacheLength { get; init; } = 128L << 20;

    /// <summary>How long a writer in another process may take to answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a reader without a writer looks for new commits, and for a writer.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);
}
