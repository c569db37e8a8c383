namespace Puppylog.Alerts.States;

/// <summary>What is kept of an <see cref="AlertMachine"/> through a restart; its values come from the metric again.</summary>
/// <param name="At">The last second that was evaluated; none before the first one.</param>
/// <param name="Live">Where notices come from.</param>
/// <param name="Settled">Where history comes from.</param>
sealed record AlertSnapshot(long? At, IReadOnlyList<TrackSnapshot> Live, IReadOnlyList<TrackSnapshot> Settled);
