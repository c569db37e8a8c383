using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Puppylog.Sources.Native;

/// <summary>The kernel's.</summary>
sealed unsafe class Inotify : IInotify
{
    readonly SafeFileHandle _inotify;
    readonly SafeFileHandle _stop;
    volatile bool _stopping;

    Inotify(SafeFileHandle inotify, SafeFileHandle stop)
    {
        _inotify = inotify;
        _stop = stop;
    }

    /// <summary>Null where the system gives none, with the error's number.</summary>
    public static Inotify? TryOpen(out int error)
    {
        var inotify = new SafeFileHandle(LibC.InotifyOpen(LibC.NonBlocking | LibC.CloseOnExec), ownsHandle: true);
        error = inotify.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        var stop = new SafeFileHandle(LibC.EventOpen(0, LibC.CloseOnExec), ownsHandle: true);
        if (!inotify.IsInvalid && !stop.IsInvalid)
        {
            return new(inotify, stop);
        }

        inotify.Dispose();
        stop.Dispose();
        return null;
    }

    public int Add(string path, uint mask, out int error)
    {
        var watch = LibC.InotifyAdd(_inotify, path, mask);
        error = watch < 0 ? Marshal.GetLastPInvokeError() : 0;
        return watch;
    }

    public void Remove(int watch) => _ = LibC.InotifyRemove(_inotify, watch);

    public int Read(Span<byte> target)
    {
        fixed (byte* buffer = target)
        {
            return (int)Math.Max(0, LibC.Read(_inotify, buffer, target.Length));
        }
    }

    public bool Wait()
    {
        var descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new() { Descriptor = (int)_inotify.DangerousGetHandle(), Events = LibC.PollIn };
        descriptors[1] = new() { Descriptor = (int)_stop.DangerousGetHandle(), Events = LibC.PollIn };
        while (!_stopping)
        {
            if (LibC.Poll(descriptors, 2, -1) > 0 && !_stopping && descriptors[0].Returned != 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Stop()
    {
        _stopping = true;
        ulong one = 1;
        _ = LibC.Write(_stop, (byte*)&one, sizeof(ulong));
    }

    public void Dispose()
    {
        _inotify.Dispose();
        _stop.Dispose();
    }
}
