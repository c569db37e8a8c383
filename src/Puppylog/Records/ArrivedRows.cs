namespace Puppylog.Records;

/// <summary>Rows of a block that were stored together.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="Arrival">Grows in the order in which records were stored.</param>
readonly record struct ArrivedRows(int Count, long Arrival);
