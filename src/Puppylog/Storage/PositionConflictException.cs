namespace Puppylog.Storage;

/// <summary>Another collector has moved the position of a source since it was read here.</summary>
sealed class PositionConflictException(string source, string path)
    : LogStoreException($"{path} is being collected into this store by another process")
{
    public string SourceId { get; } = source;
}
