using System.Text.Json.Serialization;

namespace Puppylog.App.Api.Stats;

/// <summary>Requests of a day; latencies in seconds, of the requests that have a duration.</summary>
/// <param name="Date">The day, UTC.</param>
/// <param name="Uptime">Successful ones in a hundred.</param>
sealed record DayStats(
    string Date,
    long TotalRequests,
    long SuccessfulRequests,
    long FailedRequests,
    double Uptime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? AverageLatency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? MedianLatency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? P99Latency);
