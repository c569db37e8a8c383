using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>Takes encoded commits, in the order of the calls: the writer itself, or the way to it.</summary>
interface ICommitTarget : IStoreUpkeep, IAsyncDisposable
{
    string? Trouble { get; }

    bool IsHindered { get; }

    bool IsWatched { get; }

    /// <summary>The commit may be disposed when the task ends, other than by a <see cref="Remote.WriterGoneException"/>.</summary>
    Task<CommitReceipt> CommitAsync(EncodedCommit commit, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken);
}
