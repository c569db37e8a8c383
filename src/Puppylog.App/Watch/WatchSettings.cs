using Puppylog.Alerts;

namespace Puppylog.App.Watch;

/// <param name="Source">What is watched, as people call it.</param>
/// <param name="Rule">When traffic is high.</param>
/// <param name="Interval">Seconds that a summary covers.</param>
sealed record WatchSettings(string Source, TrafficRule Rule, int Interval);
