using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Forwarding.Spooling;

/// <summary>One file of a spool. Guarded by the spool's lock.</summary>
/// <param name="path">Its path.</param>
/// <param name="number">As its name says.</param>
/// <param name="start">Bytes of lines before it in the whole spool.</param>
/// <param name="headerLength">Where its first frame begins.</param>
sealed class SpoolFile(string path, long number, StoreFile file, long start, int headerLength) : IDisposable
{
    public string Path => path;

    public long Number => number;

    public StoreFile File => file;

    public long Start { get; } = start;

    public int HeaderLength { get; } = headerLength;

    /// <summary>Bytes of lines in the whole spool up to the file's end.</summary>
    public long End { get; set; } = start;

    /// <summary>Where the last frame ends in the file.</summary>
    public long Length { get; set; } = headerLength;

    public void Dispose() => file.Dispose();
}
