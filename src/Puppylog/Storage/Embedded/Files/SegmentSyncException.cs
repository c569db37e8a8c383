namespace Puppylog.Storage.Embedded.Files;

/// <summary>An fsync failed: what the file holds past its recorded length is unknown for good, and it is written no more.</summary>
sealed class SegmentSyncException(string path, IOException inner) : Exception($"cannot make {path} last: {inner.Message}", inner);
