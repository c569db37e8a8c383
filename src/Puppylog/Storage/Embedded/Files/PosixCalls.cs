using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Puppylog.Storage.Embedded.Files;

/// <summary>What the base class library does not offer: handles of directories, fsync on them, flock.</summary>
static partial class PosixCalls
{
    /// <summary>ENOENT.</summary>
    public const int FileMissing = 2;

    const int ReadOnly = 0;
    const int ReadWrite = 2;
    const int OwnerOnly = 0x180;
    const int LockShared = 1;
    const int LockExclusive = 2;
    const int LockNonBlocking = 4;
    const int LockNone = 8;
    const int Interrupted = 4;
    const int PriorityOfProcess = 0;
    const int LowPriority = 15;

    // O_CLOEXEC: the value differs between Linux and macOS.
    static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    // O_CREAT.
    static int CreateMissing => OperatingSystem.IsMacOS() ? 0x200 : 0x40;

    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static SafeFileHandle OpenDirectory(string path) => Handle(Open(path, ReadOnly | CloseOnExec, 0), path);

    /// <summary>Opens or makes a file (0600). Unlike the runtime it takes no flock of its own on it.</summary>
    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static SafeFileHandle OpenUnlocked(string path) => Handle(Open(path, ReadWrite | CreateMissing | CloseOnExec, OwnerOnly), path);

    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static SafeFileHandle OpenReadOnly(string path) => Handle(Open(path, ReadOnly | CloseOnExec, 0), path);

    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static void Sync(SafeFileHandle handle, string path)
    {
        if (FSync(handle) != 0)
        {
            throw Failure(path);
        }
    }

    /// <summary>Takes the exclusive flock(2) of an open file; false where another open file holds it.</summary>
    public static bool TryLock(SafeFileHandle handle) => TryLock(handle, LockExclusive);

    /// <summary>Takes a shared flock(2); false where another open file holds the exclusive one.</summary>
    public static bool TryLockShared(SafeFileHandle handle) => TryLock(handle, LockShared);

    /// <summary>Gives the flock(2) of an open file back, whoever else has it open by the same opening.</summary>
    public static void Unlock(SafeFileHandle handle) => _ = FLock(handle, LockNone);

    /// <summary>Gives a file a second name; false with the errno where that cannot be.</summary>
    public static bool TryLink(string from, string to, out int error)
    {
        error = Link(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();
        return error == 0;
    }

    /// <summary>rename(2): of a directory also over an empty one.</summary>
    /// <exception cref="IOException">With the errno as HResult.</exception>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) != 0)
        {
            throw Failure(to);
        }
    }

    static bool TryLock(SafeFileHandle handle, int kind)
    {
        while (FLock(handle, kind | LockNonBlocking) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lets the calling thread run only where others leave time (Linux keeps priorities by thread); a courtesy, so it may fail.</summary>
    public static void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(PriorityOfProcess, 0, LowPriority);
        }
    }

    static SafeFileHandle Handle(int descriptor, string path) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(path);

    static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int priority);
}
