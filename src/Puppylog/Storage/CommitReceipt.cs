namespace Puppylog.Storage;

/// <param name="Commit">The commit's number: ascending, without gaps.</param>
/// <param name="Records">Records stored.</param>
/// <param name="AlreadyStored">True where an idempotency key was known and nothing was stored again.</param>
readonly record struct CommitReceipt(long Commit, long Records, bool AlreadyStored);
