using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.Storage;

/// <summary>Where records rest. Every implementation passes the suite <c>LogStoreContract</c>.</summary>
interface ILogStore : IAsyncDisposable
{
    /// <summary>What does not get on at the moment, as one sentence for people; null when all is well.</summary>
    string? Trouble { get; }

    /// <summary>True while <see cref="Trouble"/> keeps records from being stored; false where it is of work in the background only.</summary>
    bool IsHindered => Trouble is not null;

    /// <summary>True while somebody follows the commits: what is read is then committed sooner, in smaller commits.</summary>
    bool IsWatched => false;

    ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores batches, positions and idempotency keys, all or nothing; when the task ends well they are on disk. Commits
    /// take effect in the order of the calls, and several may be under way. A full disk is waited out
    /// (<see cref="Trouble"/> says so). The batches belong to the store until the task ends.
    /// </summary>
    /// <exception cref="PositionConflictException">A source's stored position is not the one the change starts from.</exception>
    /// <exception cref="LogStoreException">The store cannot take it; the message says why and what would help.</exception>
    Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a query over what is committed and hands the results to the sink, in the query's order. Returns the number of the
    /// last commit that it covers: whoever watches too, and leaves out commits up to that number, sees each record once.
    /// </summary>
    Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken);

    /// <summary>How a query is run, for people: what a server is asked, and what is done here.</summary>
    string Explain(LogQuery query) => $"Here, on the blocks that may match by their times, bounds and words:\n{PlanText.Of(query)}";

    /// <summary>Committed blocks as they come, from now on; the way of live tail and of monitor.</summary>
    IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken);
}
