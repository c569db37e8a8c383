using Microsoft.Win32.SafeHandles;
using Puppylog.Sources.Native;

namespace Puppylog.Sources.Streams;

/// <summary>
/// Tells that descriptors have something to read, by epoll(7). A thread of its own waits; each telling is for one time, until
/// <see cref="Arm"/>. Not poll(2): a descriptor that is closed meanwhile is closed at once, and no other gets its place.
/// </summary>
sealed unsafe class Readiness : IDisposable
{
    const uint In = 1;
    const uint OneShot = 1 << 30;

    /// <summary><c>struct epoll_event</c>: 12 bytes on x86-64, 16 elsewhere; the events come first.</summary>
    const int EventWords = 4;

    readonly SafeFileHandle _epoll = new(LibC.EpollOpen(LibC.CloseOnExec), ownsHandle: true);
    readonly SafeFileHandle _stop = new(LibC.EventOpen(0, LibC.CloseOnExec), ownsHandle: true);
    readonly Action _wake;
    readonly Thread _thread;
    volatile bool _stopping;

    /// <param name="wake">Called from another thread.</param>
    /// <exception cref="IOException">The process may open no more files.</exception>
    public Readiness(Action wake)
    {
        _wake = wake;
        if (_epoll.IsInvalid || _stop.IsInvalid || Set(LibC.EpollAdd, _stop, In) != 0)
        {
            _epoll.Dispose();
            _stop.Dispose();
            throw new IOException("the process may open no more files");
        }

        _thread = new Thread(Wait) { IsBackground = true, Name = "readiness" };
        _thread.Start();
    }

    /// <summary>Takes up a descriptor; it is not told of until it is armed.</summary>
    public void Add(SafeFileHandle file) => _ = Set(LibC.EpollAdd, file, OneShot);

    /// <summary>Tells, once, when there is something to read or all writers have gone.</summary>
    public void Arm(SafeFileHandle file) => _ = Set(LibC.EpollModify, file, In | OneShot);

    public void Remove(SafeFileHandle file) => _ = Set(LibC.EpollRemove, file, 0);

    public void Dispose()
    {
        _stopping = true;
        ulong one = 1;
        _ = LibC.Write(_stop, (byte*)&one, sizeof(ulong));
        _thread.Join();
        _epoll.Dispose();
        _stop.Dispose();
    }

    int Set(int operation, SafeFileHandle file, uint events)
    {
        var interest = stackalloc uint[EventWords];
        interest[0] = events;
        return LibC.EpollControl(_epoll, operation, file, interest);
    }

    void Wait()
    {
        var told = stackalloc uint[EventWords];
        while (!_stopping)
        {
            if (LibC.EpollWait(_epoll, told, 1, -1) > 0 && !_stopping)
            {
                _wake();
            }
        }
    }
}
