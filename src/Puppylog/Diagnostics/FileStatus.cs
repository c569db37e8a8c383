using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Puppylog.Diagnostics.Native;

namespace Puppylog.Diagnostics;

/// <summary>What <c>statx(2)</c> says of a file, and the framework does not.</summary>
/// <param name="Identity">Device and inode.</param>
/// <param name="Kind">What it is, symbolic links followed.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Links">Names that the file has; 0: deleted, and only open handles keep it.</param>
/// <param name="UserId">The owner.</param>
/// <param name="Modified">When its content changed: nanoseconds since 1970, UTC.</param>
/// <param name="Born">When the inode was made, in the same unit; 0 where the file system does not say.</param>
readonly record struct FileStatus(FileIdentity Identity, FileKind Kind, long Size, uint Links, uint UserId, long Modified, long Born)
{
    const int TypeMask = 0xf000;

    public ulong Inode => Identity.Inode;

    /// <summary>False where there is no such file, or the system does not tell.</summary>
    public static bool TryRead(string path, out FileStatus status)
    {
        try
        {
            return TryFind(path, out status);
        }
        catch (IOException)
        {
            status = default;
            return false;
        }
    }

    /// <summary>False where there is no such file.</summary>
    /// <exception cref="IOException">The system does not tell, e.g. for lack of permission.</exception>
    public static bool TryFind(string path, out FileStatus status)
    {
        status = default;
        if (Statx.OfPath(Statx.AtWorkingDirectory, path, 0, Statx.BasicAndBorn, out var raw) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is Statx.FileMissing or Statx.NotADirectory ? false : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }

        status = From(raw);
        return true;
    }

    /// <exception cref="IOException">The system does not tell.</exception>
    public static FileStatus Read(SafeFileHandle file) =>
        Statx.OfHandle(file, "", Statx.AtEmptyPath, Statx.BasicAndBorn, out var raw) == 0
            ? From(raw)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    static FileStatus From(in StatxBuffer raw) => new(
        // The kernel's own dev_t: 12 bits of major, 20 of minor.
        new FileIdentity(((ulong)raw.DeviceMajor << 20) | raw.DeviceMinor, raw.Inode),
        (raw.Mode & TypeMask) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0x1000 => FileKind.Pipe,
            _ => FileKind.Other,
        },
        checked((long)raw.Size),
        raw.Links,
        raw.UserId,
        raw.Modified.TotalNanoseconds,
        (raw.Mask & Statx.Born) != 0 ? raw.Born.TotalNanoseconds : 0);
}
