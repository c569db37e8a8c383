namespace Puppylog.App.Watch.Boards;

/// <param name="Id">Its name.</param>
/// <param name="Statistic">As people write it: <c>p99(duration)</c>.</param>
/// <param name="Period">Seconds.</param>
/// <param name="Segments">Fields by which it is taken apart, with commas between; empty for none.</param>
/// <param name="Filter">Which records.</param>
/// <param name="IsComplete">False while what was there before is being counted.</param>
/// <param name="ZeroIsSilence">True where a period without records counts as 0: counts and sums.</param>
sealed record MetricEntry(string Id, string Statistic, int Period, string Segments, string Filter, bool IsComplete, bool ZeroIsSilence);
