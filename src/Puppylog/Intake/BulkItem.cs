namespace Puppylog.Intake;

/// <summary>What became of an action of a bulk request.</summary>
/// <param name="Action"><c>create</c>, <c>index</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Reason">Why it was not done; null where it is.</param>
/// <param name="IsDropped">Taken, and not stored by wish.</param>
readonly record struct BulkItem(string Action, string? Reason, bool IsDropped = false);
