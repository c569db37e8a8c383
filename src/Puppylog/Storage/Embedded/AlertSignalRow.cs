namespace Puppylog.Storage.Embedded;

/// <summary>A change of an alert's state, as its history has it.</summary>
/// <param name="Alert">The rule's number.</param>
/// <param name="IsSettled">True of what all late records say, false of what was said at once.</param>
/// <param name="Segment">"" for the whole.</param>
/// <param name="Kind">The change, in a word.</param>
/// <param name="Time">The second of the evaluation, since 1970 UTC.</param>
/// <param name="Value">As it is shown; null where there was none.</param>
/// <param name="Cause">Why, in a word.</param>
/// <param name="Episode">Which firing of the segment it belongs to.</param>
/// <param name="Message">For people.</param>
/// <param name="IsTold">True where somebody is told of it.</param>
sealed record AlertSignalRow(
    long Alert, bool IsSettled, string Segment, string Kind, long Time, string? Value, string Cause, long Episode, string Message, bool IsTold);
