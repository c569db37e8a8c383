using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Puppylog.Sources.Native;

namespace Puppylog.Sources;

/// <summary>
/// Watches files and directories by inotify(7). Not FileSystemWatcher: which event it was matters here, and in which order
/// it stands to what is read.
/// </summary>
/// <remarks>Events are taken by <see cref="Drain"/> on the reader's thread; a thread of its own only says that some wait.</remarks>
sealed unsafe class FileWatcher : IDisposable
{
    const uint Modify = 0x2;
    const uint Overflow = 0x4000;
    const uint Ignored = 0x8000;
    // MODIFY, ATTRIB, DELETE_SELF, MOVE_SELF.
    const uint FileMask = Modify | 0x4 | 0x400 | 0x800;
    // MOVED_FROM, MOVED_TO, CREATE, DELETE.
    const uint DirectoryMask = 0x40 | 0x80 | 0x100 | 0x200;
    const int EventHeader = 16;

    readonly SafeFileHandle _inotify;
    readonly SafeFileHandle _stop;
    readonly Action _wake;
    readonly AutoResetEvent _drained = new(false);
    readonly Dictionary<int, FileWatch> _watches = [];
    readonly byte[] _buffer = new byte[16 << 10];
    Thread? _thread;
    volatile bool _stopping;

    FileWatcher(SafeFileHandle inotify, SafeFileHandle stop, Action wake)
    {
        _inotify = inotify;
        _stop = stop;
        _wake = wake;
    }

    /// <summary>Null where the system gives no inotify instance.</summary>
    /// <param name="wake">Called from another thread when events wait.</param>
    public static FileWatcher? TryOpen(Action wake)
    {
        var inotify = new SafeFileHandle(LibC.InotifyOpen(LibC.NonBlocking | LibC.CloseOnExec), ownsHandle: true);
        var stop = new SafeFileHandle(LibC.EventOpen(0, LibC.CloseOnExec), ownsHandle: true);
        if (inotify.IsInvalid || stop.IsInvalid)
        {
            inotify.Dispose();
            stop.Dispose();
            return null;
        }

        return new FileWatcher(inotify, stop, wake);
    }

    /// <summary>Begins to wake the reader. Without it events wait for <see cref="Drain"/>.</summary>
    public void Start()
    {
        _thread = new Thread(WaitForEvents) { IsBackground = true, Name = "inotify" };
        _thread.Start();
    }

    /// <summary>Watches an open file, whatever its path names by now. Null where the system has no watches left.</summary>
    public FileWatch? TryWatch(SafeFileHandle file, IWatchHolder holder) =>
        Add(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}"), FileMask, holder, null);

    /// <summary>Watches which files a directory has.</summary>
    /// <param name="name">The only name that is of interest; null for all.</param>
    public FileWatch? TryWatchDirectory(string path, string? name, IWatchHolder holder) => Add(path, DirectoryMask, holder, name);

    /// <param name="name">As it was given when watching began.</param>
    public void Release(FileWatch watch, string? name, IWatchHolder holder)
    {
        watch.Remove(holder, name);
        if (!watch.IsHeld && _watches.Remove(watch.Descriptor))
        {
            _ = LibC.InotifyRemove(_inotify, watch.Descriptor);
        }
    }

    /// <summary>Takes all events that wait and notes them on their watches.</summary>
    public void Drain()
    {
        while (true)
        {
            int length;
            fixed (byte* buffer = _buffer)
            {
                length = (int)LibC.Read(_inotify, buffer, _buffer.Length);
            }

            if (length <= 0)
            {
                _drained.Set();
                return;
            }

            Note(_buffer.AsSpan(0, length));
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _drained.Set();
        ulong one = 1;
        _ = LibC.Write(_stop, (byte*)&one, sizeof(ulong));
        _thread?.Join();
        _inotify.Dispose();
        _stop.Dispose();
        _drained.Dispose();
    }

    FileWatch? Add(string path, uint mask, IWatchHolder holder, string? name)
    {
        var descriptor = LibC.InotifyAdd(_inotify, path, mask);
        if (descriptor < 0)
        {
            return null;
        }

        if (!_watches.TryGetValue(descriptor, out var watch))
        {
            watch = new FileWatch(descriptor);
            _watches.Add(descriptor, watch);
        }

        watch.Add(holder, name);
        return watch;
    }

    /// <remarks><c>struct inotify_event</c>: watch, mask, cookie, length of the name that follows.</remarks>
    void Note(ReadOnlySpan<byte> events)
    {
        while (events.Length >= EventHeader)
        {
            var descriptor = BinaryPrimitives.ReadInt32LittleEndian(events);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
            var name = events.Slice(EventHeader, nameLength);
            events = events[(EventHeader + nameLength)..];
            if ((mask & Overflow) != 0)
            {
                foreach (var any in _watches.Values)
                {
                    any.Modified = true;
                    any.Wake("");
                }
            }
            else if (_watches.TryGetValue(descriptor, out var watch))
            {
                watch.Modified |= (mask & Modify) != 0;
                watch.Wake(Encoding.UTF8.GetString(name.TrimEnd((byte)0)));
                if ((mask & Ignored) != 0)
                {
                    _watches.Remove(descriptor);
                }
            }
        }
    }

    void WaitForEvents()
    {
        var descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new() { Descriptor = (int)_inotify.DangerousGetHandle(), Events = LibC.PollIn };
        descriptors[1] = new() { Descriptor = (int)_stop.DangerousGetHandle(), Events = LibC.PollIn };
        while (!_stopping)
        {
            if (LibC.Poll(descriptors, 2, -1) > 0 && !_stopping && descriptors[0].Returned != 0)
            {
                _wake();
                _drained.WaitOne();
            }
        }
    }
}
