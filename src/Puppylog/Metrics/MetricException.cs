namespace Puppylog.Metrics;

/// <summary>Metrics that cannot be; the message says of each mistake what would work.</summary>
sealed class MetricException(IReadOnlyList<MetricMistake> mistakes) : Exception(string.Join('\n', mistakes.Select(mistake => mistake.Message)))
{
    public IReadOnlyList<MetricMistake> Mistakes => mistakes;
}
