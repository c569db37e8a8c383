namespace Puppylog.Metrics;

/// <summary>What a metric came to, as of one moment.</summary>
/// <param name="Observations">In the order of time and segment.</param>
/// <param name="Together">Periods with more segments than are shown: the records of the smaller ones are shown as <see cref="MetricDefinition.Other"/>.</param>
/// <param name="Overflown">Periods with more segments than are counted: what came after so many others is in the rest, however large it is.</param>
sealed record MetricReading(List<Observation> Observations, int Together, int Overflown)
{
    /// <summary>Periods that end later are provisional: late records are still waited for. Nanoseconds since 1970, UTC.</summary>
    public long FinalUntil { get; init; }
}
