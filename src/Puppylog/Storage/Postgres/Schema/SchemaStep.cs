namespace Puppylog.Storage.Postgres.Schema;

/// <summary>One step from a version of the schema to the next: done in one transaction, never changed once it is released.</summary>
/// <param name="Version">The version that the schema has afterwards.</param>
/// <param name="Plain">Statements for PostgreSQL without TimescaleDB.</param>
/// <param name="Timescale">Statements for a database that has the extension.</param>
sealed record SchemaStep(int Version, string Plain, string Timescale);
