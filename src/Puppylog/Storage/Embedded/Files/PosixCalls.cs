using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Puppylog.Storage.Embedded.Files;

/// <summary>What the base class library does not offer: handles of directories, fsync on them, flock.</summary>
static partial class PosixCalls
{
    const int ReadOnly = 0;
    const int LockExclusive = 2;
    const int LockNonBlocking = 4;
    const int Interrupted = 4;

    // O_CLOEXEC: the value differs between Linux and macOS.
    static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(path);
    }

    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static void Sync(SafeFileHandle handle, string path)
    {
        if (FSync(handle) != 0)
        {
            throw Failure(path);
        }
    }

    /// <summary>Takes the exclusive flock(2) of an open file; false where another open file holds it.</summary>
    public static bool TryLock(SafeFileHandle handle)
    {
        while (FLock(handle, LockExclusive | LockNonBlocking) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return false;
            }
        }

        return true;
    }

    static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle handle, int operation);
}
