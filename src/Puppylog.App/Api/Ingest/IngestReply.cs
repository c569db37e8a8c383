using Puppylog.Intake;

namespace Puppylog.App.Api.Ingest;

/// <summary>Answer to a body of which what was stored is on disk.</summary>
/// <param name="Stored">Records that are stored; by an earlier request where <paramref name="AlreadyStored"/> says so.</param>
/// <param name="Dropped">Records that processing dropped by wish; missing where it dropped none.</param>
/// <param name="Invalid">Entries that are not understood; missing where all are.</param>
/// <param name="Errors">The first of them.</param>
/// <param name="AlreadyStored">True where an earlier request with the same Idempotency-Key stored it.</param>
/// <param name="Error">What is wrong with the first, where the status says that something is.</param>
sealed record IngestReply(long Stored, long? Dropped = null, long? Invalid = null, IReadOnlyList<RejectedEntry>? Errors = null, bool? AlreadyStored = null, string? Error = null);
