namespace Puppylog.App.Api;

/// <summary>What queries over HTTP may take.</summary>
sealed record QueryLimits
{
    public static QueryLimits Default { get; } = new();

    /// <summary>The longest that a query may run; <c>timeout</c> can only shorten it.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Queries that run at the same time; others wait.</summary>
    public int MaxConcurrent { get; init; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>How long a query waits for its turn before it is sent away with 429.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clients that follow records; each has a thread.</summary>
    public int MaxFollowers { get; init; } = 256;

    /// <summary>Rows of an answer that is put together in memory (hits, stats).</summary>
    public int MaxRows { get; init; } = 1_000_000;
}
