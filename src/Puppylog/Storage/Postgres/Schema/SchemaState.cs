namespace Puppylog.Storage.Postgres.Schema;

/// <summary>What a database is and has.</summary>
/// <param name="Version">The schema's version; 0 where there is none.</param>
/// <param name="IsTimescale">True where <c>logs</c> is a hypertable.</param>
/// <param name="ServerVersion">The server's version as it tells it, e.g. 150018.</param>
readonly record struct SchemaState(int Version, bool IsTimescale, int ServerVersion);
