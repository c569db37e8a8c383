namespace Puppylog.Forwarding;

/// <summary>Answer to a batch that is on disk: as <see cref="Storage.CommitReceipt"/>.</summary>
sealed record BatchReceipt(long Commit, long Records, bool AlreadyStored);
