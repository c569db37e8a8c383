using System.Text.Json.Serialization;

namespace Puppylog.App.Api.Stats;

/// <summary>Requests since a day; latencies in seconds, of the requests that have a duration. What there is none of is null.</summary>
/// <param name="FromDate">The first day, UTC.</param>
/// <param name="Days">The same per day that has any.</param>
sealed record StatsReply(
    string FromDate,
    long TotalRequests,
    long SuccessfulRequests,
    long FailedRequests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Uptime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? AverageLatency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? MedianLatency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? P99Latency,
    IReadOnlyList<DayStats> Days);
