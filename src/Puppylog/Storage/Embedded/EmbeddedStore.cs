namespace Puppylog.Storage.Embedded;

/// <summary>Opens the embedded log database of a data directory.</summary>
static class EmbeddedStore
{
    /// <summary>
    /// Opens for writing: as the directory's one writer where there is none, else as a client of the one that there is,
    /// through its socket. Makes the directory (0700) where it is missing.
    /// </summary>
    /// <exception cref="LogStoreException">The directory cannot be used, or its writer does not answer within 5 s.</exception>
    public static Task<ILogStore> OpenWriterAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Opens for reading, beside a writer or without one.</summary>
    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public static Task<ILogStore> OpenReaderAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
