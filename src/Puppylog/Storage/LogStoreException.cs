namespace Puppylog.Storage;

/// <summary>The store cannot do what was asked; the message says why and the way out.</summary>
class LogStoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True where the same call may succeed later without anybody's help.</summary>
    public bool IsTransient { get; init; }
}
