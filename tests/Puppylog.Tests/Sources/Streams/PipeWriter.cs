using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Puppylog.Sources.Native;

namespace Puppylog.Tests.Sources.Streams;

/// <summary>Writes into a named pipe and never blocks.</summary>
sealed unsafe class PipeWriter : IDisposable
{
    readonly SafeFileHandle _handle;

    PipeWriter(SafeFileHandle handle) => _handle = handle;

    public static PipeWriter Open(string path) => TryOpen(path, out var writer) ? writer : throw new IOException("nobody reads");

    /// <summary>False where nobody reads.</summary>
    public static bool TryOpen(string path, out PipeWriter writer)
    {
        writer = new(new SafeFileHandle(LibC.Open(path, LibC.WriteOnly | LibC.NonBlocking | LibC.CloseOnExec), ownsHandle: true));
        return !writer._handle.IsInvalid;
    }

    /// <summary>How many bytes went in: less than all where the pipe is full, -1 where nobody reads any more.</summary>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var count = (int)LibC.Write(_handle, first, bytes.Length);
            return count < 0 && Marshal.GetLastPInvokeError() == LibC.TryAgain ? 0 : count;
        }
    }

    public void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(bytes.Length, Write(bytes));
    }

    public void Dispose() => _handle.Dispose();
}
