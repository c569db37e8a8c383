using Puppylog.Metrics;

namespace Puppylog.App.Watch.Boards;

/// <param name="Metrics">All, by identifier.</param>
/// <param name="Shown">The one whose observations are here; null where there is none.</param>
/// <param name="Observations">Of its newest periods, in order.</param>
/// <param name="Remark">What there is to say where there are none.</param>
sealed record MetricBoard(IReadOnlyList<MetricEntry> Metrics, MetricEntry? Shown, IReadOnlyList<Observation> Observations, string? Remark = null);
