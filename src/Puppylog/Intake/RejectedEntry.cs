namespace Puppylog.Intake;

/// <param name="Index">Which entry of the body, from 0; lines that are empty do not count.</param>
/// <param name="Reason">Why it is not stored.</param>
sealed record RejectedEntry(long Index, string Reason);
