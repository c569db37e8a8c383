namespace Puppylog.Storage.Embedded.Files;

/// <summary>An open file, read and written at offsets. Reading is thread-safe, writing has one owner.</summary>
abstract class StoreFile : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Writes the pieces one behind the other, in one operation.</summary>
    public abstract void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces);

    /// <summary>Reads as much as there is, up to the target's length.</summary>
    public abstract int Read(long offset, Span<byte> target);

    public abstract void SetLength(long length);

    /// <summary>When it returns, everything written lasts. After a failure nothing is known: see docs/decisions/0002.</summary>
    public abstract void Sync();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
