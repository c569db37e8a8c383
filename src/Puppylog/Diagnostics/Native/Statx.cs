using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Puppylog.Diagnostics.Native;

/// <summary>The system call. Numbers are those of Linux' headers.</summary>
static partial class Statx
{
    public const int AtWorkingDirectory = -100;
    public const int AtEmptyPath = 0x1000;
    public const uint BasicAndBorn = 0x7ff | Born;
    public const uint Born = 0x800;
    public const int FileMissing = 2;
    public const int NotADirectory = 20;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OfPath(int directory, string path, int flags, uint mask, out StatxBuffer status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OfHandle(SafeFileHandle file, string path, int flags, uint mask, out StatxBuffer status);
}
