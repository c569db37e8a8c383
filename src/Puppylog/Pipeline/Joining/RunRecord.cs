namespace Puppylog.Pipeline.Joining;

/// <summary>A record of lines that stand one behind the other in a run.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes, without the newline behind the last line.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="Cut">Bytes that its last line lost because it was too long.</param>
readonly record struct RunRecord(int Start, int Length, int Lines, long Cut);
