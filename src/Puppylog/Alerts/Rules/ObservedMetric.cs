namespace Puppylog.Alerts.Rules;

/// <summary>What a rule has to know of the metric that it watches.</summary>
/// <param name="Id">The metric's identifier.</param>
/// <param name="Period">Seconds.</param>
/// <param name="ZeroWithoutRecords">True where a period without records is 0 (count, sum); else it has no value.</param>
/// <param name="IsSegmented">Its observations tell segments apart.</param>
/// <param name="Lateness">Seconds for which a period waits for late records.</param>
sealed record ObservedMetric(string Id, int Period, bool ZeroWithoutRecords, bool IsSegmented = false, int Lateness = 60);
