namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Where alerts stood, and their histories, by the names of the rules.</summary>
sealed record AlertPast(IReadOnlyList<(string Name, string State)> States, IReadOnlyList<(string Name, AlertSignalRow Signal)> Signals, AlertMark? Mark);
