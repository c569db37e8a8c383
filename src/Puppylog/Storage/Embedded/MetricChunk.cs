namespace Puppylog.Storage.Embedded;

/// <summary>What some neighbouring periods of a metric came to.</summary>
/// <param name="Metric">The metric's number.</param>
/// <param name="Chunk">Ascends with time.</param>
/// <param name="Bytes">As <see cref="IMetricEngine"/> wrote them.</param>
readonly record struct MetricChunk(long Metric, long Chunk, byte[] Bytes);
