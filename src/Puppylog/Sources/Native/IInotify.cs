namespace Puppylog.Sources.Native;

/// <summary>An instance of inotify(7).</summary>
interface IInotify : IDisposable
{
    /// <summary>The number of the path's watch; negative where there is none, with the error's number.</summary>
    int Add(string path, uint mask, out int error);

    void Remove(int watch);

    /// <summary>Takes events that wait, as <c>struct inotify_event</c>; the bytes taken, 0 for none. Does not wait.</summary>
    int Read(Span<byte> target);

    /// <summary>Waits until events wait; false where <see cref="Stop"/> was called.</summary>
    bool Wait();

    /// <summary>Ends <see cref="Wait"/>, now or later. May be called from any thread.</summary>
    void Stop();
}
