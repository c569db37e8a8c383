using Microsoft.Win32.SafeHandles;

namespace Puppylog.Storage.Embedded.Files;

sealed class LocalStoreFile(SafeFileHandle handle) : StoreFile
{
    public override long Length => RandomAccess.GetLength(handle);

    public override void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces) => RandomAccess.Write(handle, pieces, offset);

    public override int Read(long offset, Span<byte> target)
    {
        var done = 0;
        while (done < target.Length)
        {
            var read = RandomAccess.Read(handle, target[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    public override void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public override void Sync() => RandomAccess.FlushToDisk(handle);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }
    }
}
