using Puppylog.Sources.Native;

namespace Puppylog.Sources;

/// <summary>File systems whose files others change without this kernel hearing of it: inotify is silent about them.</summary>
static class NetworkFileSystems
{
    // linux/magic.h and the sources of those that are not part of the kernel.
    static readonly HashSet<uint> Types =
    [
        0x6969, // NFS
        0x517B, 0xFE534D42, 0xFF534D42, // SMB, SMB2, CIFS
        0x01021997, // 9P
        0x65735546, // FUSE
        0x00C36400, // Ceph
        0x5346414F, 0x6B414653, // AFS
        0x73757245, // Coda
        0x786F4256, // VirtualBox
        0x0BD00BD0, // Lustre
        0x47504653, // GPFS
        0x01161970, // GFS2
        0x7461636F, // OCFS2
    ];

    /// <summary>False also where the system does not say.</summary>
    public static unsafe bool Has(string path)
    {
        // struct statfs begins with the type, a long of which 32 bits are used.
        var status = stackalloc long[64];
        return LibC.FileSystem(path, status) == 0 && Types.Contains((uint)status[0]);
    }
}
