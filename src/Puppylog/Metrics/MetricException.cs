namespace Puppylog.Metrics;

/// <summary>A metric that cannot be; the message says what would work.</summary>
sealed class MetricException(string message) : Exception(message);
