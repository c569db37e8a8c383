using Puppylog.Configuration;
using Puppylog.Query.Execution;

namespace Puppylog.App.Api;

/// <summary>What queries over HTTP may take.</summary>
sealed record QueryLimits
{
    public static QueryLimits Default { get; } = new();

    public static QueryLimits Of(ServerConfiguration server) =>
        new() { MaxConcurrent = server.MaxQueries, MaxDuration = server.QueryTimeout, MaxMemory = server.QueryMemory };

    /// <summary>The longest that a query may run; <c>timeout</c> can only shorten it.</summary>
    public TimeSpan MaxDuration { get; init; } = ServerConfiguration.DefaultQueryTimeout;

    /// <summary>Queries that run at the same time; others wait.</summary>
    public int MaxConcurrent { get; init; } = ServerConfiguration.DefaultMaxQueries;

    /// <summary>Bytes that a query may take.</summary>
    public long MaxMemory { get; init; } = QueryOptions.DefaultMaxMemory;

    /// <summary>How long a query waits for its turn before it is sent away with 429.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clients that follow records; each has a thread.</summary>
    public int MaxFollowers { get; init; } = 256;

    /// <summary>Rows of an answer that is put together in memory (hits, stats).</summary>
    public int MaxRows { get; init; } = 1_000_000;
}
