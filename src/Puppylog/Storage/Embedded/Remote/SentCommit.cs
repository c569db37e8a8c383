using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Remote;

/// <param name="Pending">What the caller waits for.</param>
/// <param name="Commit">The commit with its retry key, kept until it is answered.</param>
sealed record SentCommit(PendingCommit Pending, EncodedCommit Commit);
