namespace Puppylog.Storage.Embedded;

/// <summary>What the evaluation of alerts came to: kept as a whole or not at all. Kept twice it is kept once.</summary>
/// <param name="States">Where rules stand, by number; the store does not read it. Those that are gone are left out.</param>
/// <param name="Signals">What happened.</param>
/// <param name="Mark">How far it is; null before the first record.</param>
sealed record AlertProgressChange(IReadOnlyList<(long Alert, string State)> States, IReadOnlyList<AlertSignalRow> Signals, AlertMark? Mark);
