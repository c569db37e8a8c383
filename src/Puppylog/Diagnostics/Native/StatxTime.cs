using System.Runtime.InteropServices;

namespace Puppylog.Diagnostics.Native;

[StructLayout(LayoutKind.Sequential)]
struct StatxTime
{
    public long Seconds;
    public uint Nanoseconds;
    public int Reserved;

    public readonly long TotalNanoseconds => unchecked((Seconds * 1_000_000_000) + Nanoseconds);
}
