namespace Puppylog.Storage.Embedded;

/// <summary>The commits of a store by their numbers: whoever remembers the last one that it has seen goes on behind it, after a restart too.</summary>
interface ICommitHistory
{
    /// <summary>The number of the last commit.</summary>
    long LastCommit { get; }

    /// <summary>The number before the first commit that may hold records from a time on (nanoseconds since 1970); the last one's where there are none.</summary>
    long CommitBefore(long time);

    /// <summary>The commits after a number, each once and in order: those that there are, then those that come.</summary>
    IAsyncEnumerable<CommittedBlocks> WatchAsync(long after, CancellationToken cancellationToken);
}
