namespace Puppylog.App.Api.Ingest;

/// <summary>A request that is not taken; nothing of it is stored.</summary>
sealed class IngestException(int status, string message) : Exception(message)
{
    /// <summary>The status of the answer.</summary>
    public int Status => status;

    /// <summary>When it may be sent again, in seconds; null where that would not help.</summary>
    public int? RetryAfter { get; init; }
}
