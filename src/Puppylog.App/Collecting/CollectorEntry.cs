namespace Puppylog.App.Collecting;

/// <summary>A source that a collector reads, or would like to.</summary>
/// <param name="Source">As it was named, or found.</param>
/// <param name="State"><c>reading</c>, <c>hindered</c> or <c>ended</c>.</param>
/// <param name="Trouble">What hinders it; missing when all is well.</param>
/// <param name="Since">Since when it does, RFC 3339.</param>
/// <param name="Lag">Bytes that it has beyond what was read, as far as is known.</param>
/// <param name="Lines">Lines read since the start.</param>
/// <param name="Records">Records made of them.</param>
sealed record CollectorEntry(string Source, string State, string? Trouble, string? Since, long Lag, long Lines, long Records);
