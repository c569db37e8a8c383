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
sealed class FileWatcher : IDisposable
{
    const uint Modify = 0x2;
    const uint Overflow = 0x4000;
    const uint Ignored = 0x8000;
    // MODIFY, ATTRIB, DELETE_SELF, MOVE_SELF.
    const uint FileMask = Modify | 0x4 | 0x400 | 0x800;
    // MOVED_FROM, MOVED_TO, CREATE, DELETE.
    const uint DirectoryMask = 0x40 | 0x80 | 0x100 | 0x200;
    const int EventHeader = 16;

    const int NoSpace = 28;
    const int NoMemory = 12;

    readonly IInotify _inotify;
    readonly Action _wake;
    readonly FileNotification _notification;
    readonly AutoResetEvent _drained = new(false);
    readonly Dictionary<int, FileWatch> _watches = [];
    readonly byte[] _buffer = new byte[16 << 10];
    Thread? _thread;
    volatile bool _stopping;

    /// <param name="inotify">Where events come from.</param>
    /// <param name="wake">Called from another thread when events wait.</param>
    /// <param name="notification">Says what is lacking.</param>
    public FileWatcher(IInotify inotify, Action wake, FileNotification notification)
    {
        _inotify = inotify;
        _wake = wake;
        _notification = notification;
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
            _inotify.Remove(watch.Descriptor);
        }
    }

    /// <summary>Takes all events that wait and notes them on their watches.</summary>
    public void Drain()
    {
        while (true)
        {
            var length = _inotify.Read(_buffer);
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
        _inotify.Stop();
        _thread?.Join();
        _inotify.Dispose();
        _drained.Dispose();
    }

    FileWatch? Add(string path, uint mask, IWatchHolder holder, string? name)
    {
        if (NetworkFileSystems.Has(path))
        {
            return null;
        }

        var descriptor = _inotify.Add(path, mask, out var error);
        if (descriptor < 0)
        {
            if (error is NoSpace or NoMemory)
            {
                _notification.TellExhausted();
            }

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
                _notification.TellOverflow();
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
                    watch.IsGone = true;
                    _watches.Remove(descriptor);
                }
            }
        }
    }

    void WaitForEvents()
    {
        while (!_stopping && _inotify.Wait())
        {
            _wake();
            _drained.WaitOne();
        }
    }
}
