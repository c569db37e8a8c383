using System.Runtime.InteropServices;

namespace Puppylog.Diagnostics.Native;

/// <summary>Linux <c>struct statx</c>: the same layout on every architecture, unlike <c>struct stat</c> (statx(2)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
struct StatxBuffer
{
    [FieldOffset(0)]
    public uint Mask;

    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint UserId;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(80)]
    public StatxTime Born;

    [FieldOffset(112)]
    public StatxTime Modified;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;
}
