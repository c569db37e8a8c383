using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>How a query is run; no part of what it asks.</summary>
sealed record QueryOptions
{
    /// <summary>The budget of design issue 3: 256 MiB.</summary>
    public const long DefaultMaxMemory = 256L << 20;

    public static QueryOptions Default { get; } = new();

    /// <summary>Bytes that the query may hold: groups, rows to sort, decoded columns of open blocks.</summary>
    public long MaxMemory { get; init; } = DefaultMaxMemory;

    /// <summary>Blocks that are worked on at the same time.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of each block that was skipped because its bytes do not verify; may be called by several threads.</summary>
    public Action<RecordBlock, CorruptDataException>? OnDamage { get; init; }

    /// <summary>Told what the asker should know of the result, a line each: that a number is an estimate, and how good it is.</summary>
    public Action<string>? OnNote { get; init; }
}
