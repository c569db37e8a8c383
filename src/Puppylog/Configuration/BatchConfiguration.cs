using Puppylog.Pipeline;
using Puppylog.Records;

namespace Puppylog.Configuration;

/// <summary>How records are gathered.</summary>
sealed record BatchConfiguration
{
    public static TimeSpan DefaultWait { get; } = new CollectOptions { Sources = [] }.FlushInterval;

    /// <summary>Records that are stored together at most.</summary>
    public int Size { get; init; } = RecordBatch.MaxRecords;

    /// <summary>How long a record waits at most for others.</summary>
    public TimeSpan Wait { get; init; } = DefaultWait;

    /// <summary>Sources that are read and parsed at the same time.</summary>
    public int Workers { get; init; } = CollectOptions.DefaultWorkers;
}
