using Puppylog.Alerts;
using Puppylog.Metrics;

namespace Puppylog.App.Watch;

/// <param name="Source">What is watched, as people call it.</param>
/// <param name="Rule">When traffic is high.</param>
/// <param name="Interval">Seconds that a summary covers.</param>
sealed record WatchSettings(string Source, TrafficRule Rule, int Interval)
{
    /// <summary>Sections that a summary names.</summary>
    public int Sections { get; init; } = TrafficWindow.TopSections;

    /// <summary>Routes that a summary names.</summary>
    public int Routes { get; init; } = TrafficWindow.TopRoutes;
}
