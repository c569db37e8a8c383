using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Puppylog.Diagnostics;

/// <summary>What <c>statx(2)</c> says of a file and the framework does not: which file a name stands for, and whose it is.</summary>
/// <param name="Device">Major and minor number.</param>
/// <param name="Inode">Number within the device.</param>
/// <param name="UserId">The owner.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Nanoseconds since 1970 UTC.</param>
readonly partial record struct FileStatus(ulong Device, ulong Inode, uint UserId, long Size, long Modified)
{
    const int CurrentDirectory = -100;
    const uint BasicStats = 0x7ff;

    /// <summary>False where there is no such file or it cannot be asked for. Symbolic links are followed.</summary>
    public static bool TryRead(string path, out FileStatus status)
    {
        status = default;
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        // struct statx of the Linux UAPI (linux/stat.h): the same layout on every architecture.
        Span<byte> buffer = stackalloc byte[256];
        buffer.Clear();
        if (Statx(CurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            return false;
        }

        var major = BinaryPrimitives.ReadUInt32LittleEndian(buffer[136..]);
        var minor = BinaryPrimitives.ReadUInt32LittleEndian(buffer[140..]);
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(buffer[112..]);
        status = new(
            ((ulong)major << 32) | minor,
            BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(buffer[40..]),
            unchecked((seconds * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(buffer[120..])));
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);
}
