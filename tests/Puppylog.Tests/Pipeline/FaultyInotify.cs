using System.Buffers.Binary;
using Puppylog.Sources.Native;

namespace Puppylog.Tests.Pipeline;

/// <summary>The system's inotify with few watches, or which loses events.</summary>
sealed class FaultyInotify(int watches) : IInotify
{
    const int NoSpace = 28;

    readonly Inotify _real = Inotify.TryOpen(out _) ?? throw new InvalidOperationException("the system gives no inotify");
    readonly HashSet<int> _added = [];

    public int Watches => _added.Count;

    /// <summary>Events do not arrive any more.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The next events are lost because too many wait, and that is told.</summary>
    public bool Overflows { get; set; }

    public int Add(string path, uint mask, out int error)
    {
        var watch = _real.Add(path, mask, out error);
        if (watch >= 0 && !_added.Contains(watch) && _added.Count == watches)
        {
            _real.Remove(watch);
            error = NoSpace;
            return -1;
        }

        _added.Add(watch);
        return watch;
    }

    public void Remove(int watch)
    {
        _real.Remove(watch);
        _added.Remove(watch);
    }

    public int Read(Span<byte> target)
    {
        if (!IsDeaf && !Overflows)
        {
            return _real.Read(target);
        }

        while (_real.Read(target) > 0)
        {
        }

        if (!Overflows)
        {
            return 0;
        }

        Overflows = false;
        target[..16].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(target, -1);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], 0x4000);
        return 16;
    }

    public bool Wait() => _real.Wait();

    public void Stop() => _real.Stop();

    public void Dispose() => _real.Dispose();
}
