namespace Puppylog.Metrics;

/// <summary>A metric's value over one period.</summary>
/// <param name="Metric">The metric's identifier.</param>
/// <param name="Start">Beginning of the period: nanoseconds since 1970, UTC, a multiple of the period.</param>
/// <param name="Segment">The segment's value, several joined by a comma; "" for the whole.</param>
/// <param name="Value">The statistic; null where no record gave a value.</param>
readonly record struct Observation(string Metric, long Start, string Segment, double? Value);
