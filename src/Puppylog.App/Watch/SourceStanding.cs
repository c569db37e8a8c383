namespace Puppylog.App.Watch;

/// <summary>How a source that is watched stands.</summary>
/// <param name="Name">As it was named.</param>
/// <param name="Records">Records since watching began.</param>
/// <param name="Recent">Of these, those of the last minute.</param>
/// <param name="LastTime">The newest record's time: nanoseconds since 1970, UTC; null before the first.</param>
/// <param name="Position">Bytes of the file that were read; null where it is no file.</param>
/// <param name="Lag">Bytes that it has beyond; null where it is no file.</param>
/// <param name="Trouble">What hinders it, as a sentence.</param>
sealed record SourceStanding(string Name, long Records, long Recent, long? LastTime, long? Position, long? Lag, string? Trouble);
