using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Puppylog.Storage.Embedded.Files;

/// <summary>The right to write into a data directory: flock(2) on <c>DATA/lock</c>, gone with the process at the latest.</summary>
sealed class DirectoryLock : IDisposable
{
    readonly SafeFileHandle _handle;

    DirectoryLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Takes the lock and writes this process's id into it; null where somebody else holds it.</summary>
    /// <exception cref="IOException">The lock file cannot be made.</exception>
    public static DirectoryLock? TryTake(string directory)
    {
        var handle = PosixCalls.OpenUnlocked(DataLayout.LockFile(directory));
        if (!PosixCalls.TryLock(handle))
        {
            handle.Dispose();
            return null;
        }

        try
        {
            RandomAccess.SetLength(handle, 0);
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"), 0);
        }
        catch (IOException)
        {
            // The id is for messages only; a full disk must not keep the store from opening.
        }

        return new DirectoryLock(handle);
    }

    /// <summary>The process that took the lock last; null where that is unknown.</summary>
    public static int? Owner(string directory)
    {
        try
        {
            using var handle = PosixCalls.OpenReadOnly(DataLayout.LockFile(directory));
            Span<byte> bytes = stackalloc byte[16];
            var text = bytes[..RandomAccess.Read(handle, bytes, 0)].Trim("\n"u8);
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var owner) ? owner : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>True while some process may write into the directory. Holds the lock for a moment where nobody does.</summary>
    public static bool IsHeld(string directory)
    {
        try
        {
            using var handle = PosixCalls.OpenReadOnly(DataLayout.LockFile(directory));
            return !PosixCalls.TryLockShared(handle);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>False where the directory was removed, or replaced by one that another process writes.</summary>
    public static bool IsOurs(string directory) =>
        File.Exists(DataLayout.LockFile(directory)) && (Owner(directory) ?? Environment.ProcessId) == Environment.ProcessId;

    /// <remarks>Closing alone is not enough: a child that is being started has the file open, too, until its own program is loaded.</remarks>
    public void Dispose()
    {
        if (!_handle.IsClosed)
        {
            PosixCalls.Unlock(_handle);
        }

        _handle.Dispose();
    }
}
