using System.Runtime.InteropServices;

namespace Puppylog.Sources.Native;

/// <summary><c>struct pollfd</c> of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
struct PollDescriptor
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
