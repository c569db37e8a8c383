using Puppylog.Records;

namespace Puppylog.Storage;

/// <param name="Batches">Records, each batch of one shape; may be empty where only positions move.</param>
/// <param name="Positions">Moves of the sources that the records came from.</param>
/// <param name="IdempotencyKeys">Keys under which a client may send the same again; already stored ones make the commit a no-op.</param>
sealed record CommitRequest(
    IReadOnlyList<RecordBatch> Batches, IReadOnlyList<PositionChange> Positions, IReadOnlyList<string> IdempotencyKeys);
