using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded;

/// <summary>Takes commits that were encoded elsewhere. Who hands one over has verified its blocks.</summary>
interface IEncodedIntake
{
    /// <summary>As <see cref="ILogStore.CommitAsync"/>; the commit is disposed, however it ends.</summary>
    Task<CommitReceipt> CommitAsync(EncodedCommit commit, CancellationToken cancellationToken);
}
