namespace Puppylog.Storage.Postgres.Schema;

/// <summary>What is asked of a bootstrap.</summary>
/// <param name="Distributed">Distributed hypertables, where the server has them.</param>
/// <param name="CompressAfter">TimescaleDB: chunks of that age are compressed; null to leave it as it is.</param>
/// <param name="Retain">TimescaleDB: chunks of that age are dropped; null to leave it as it is.</param>
/// <param name="ChunkInterval">TimescaleDB: how much time a chunk holds; null to leave it as it is.</param>
/// <param name="IndexMessage">A trigram index on the message.</param>
/// <param name="IndexData">An index on the members of <c>data</c>.</param>
sealed record BootstrapOptions(
    bool Distributed = false, TimeSpan? CompressAfter = null, TimeSpan? Retain = null, TimeSpan? ChunkInterval = null, bool IndexMessage = false, bool IndexData = false);
