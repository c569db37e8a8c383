using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>Rows of a batch that go into one block.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Day">Days since 1970 of all of the rows; null where they go into a segment of many days.</param>
/// <param name="Rows">The rows; null for all of them.</param>
readonly record struct BatchPart(RecordBatch Batch, int? Day, int[]? Rows);
