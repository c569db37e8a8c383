namespace Puppylog.Metrics;

/// <summary>How long the requests of a path took, in the unit in which the log writes it.</summary>
/// <param name="Path">The path. Not cleaned: bytes from outside.</param>
/// <param name="Requests">Requests with a duration.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="P95">The smallest duration that at least 95 % of them do not exceed (nearest rank).</param>
/// <param name="Max">The longest.</param>
readonly record struct RouteTiming(string Path, long Requests, double Mean, double P95, double Max);
