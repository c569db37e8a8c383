using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Puppylog.Pipeline;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.App.Collecting;

/// <summary>
/// Lets other processes know how a collector's sources stand: a file in <c>DATA/collectors</c> that it holds locked while it
/// lives. A courtesy: where it cannot be written, collecting goes on.
/// </summary>
sealed class CollectorFile : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often the file is written while nothing has changed but numbers.</summary>
    const int NumbersEvery = 5;

    /// <summary>Several processes may have one number, in different containers.</summary>
    const int MostNames = 10;

    readonly string _path;
    readonly SafeFileHandle _handle;
    readonly Func<IEnumerable<SourceState>> _sources;
    readonly SourceStates _states;
    readonly ITimer _timer;
    readonly Lock _writing = new();
    byte[] _written = [];
    string _said = "";
    int _ticks;
    bool _ended;

    CollectorFile(string path, SafeFileHandle handle, Func<IEnumerable<SourceState>> sources, TimeProvider clock)
    {
        _path = path;
        _handle = handle;
        _sources = sources;
        _states = new(clock);
        _timer = clock.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    /// <summary>How the sources stood when they were looked at last; null before. May be asked from any thread.</summary>
    public CollectorState? Current { get; private set; }

    /// <summary>Null where there can be no such file.</summary>
    public static CollectorFile? TryStart(string directory, Func<IEnumerable<SourceState>> sources, TimeProvider clock)
    {
        try
        {
            var folder = DataLayout.Collectors(directory);
            Directory.CreateDirectory(folder);
            CollectorFiles.RemoveDead(folder);
            for (var i = 0; i < MostNames; i++)
            {
                var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}{(i == 0 ? "" : $"-{i}")}.json"));
                var handle = PosixCalls.OpenUnlocked(path);
                if (PosixCalls.TryLock(handle))
                {
                    return new(path, handle, sources, clock);
                }

                handle.Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        return null;
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing)
        {
            _ended = true;
            try
            {
                File.Delete(_path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }

            _handle.Dispose();
        }
    }

    void Write()
    {
        lock (_writing)
        {
            if (_ended)
            {
                return;
            }

            var state = _states.Sum(_sources());
            Current = state;
            var said = string.Join('\n', state.List.Select(entry => $"{entry.Source} {entry.State} {entry.Trouble}"));
            if (said == _said && _ticks++ % NumbersEvery != 0)
            {
                return;
            }

            _said = said;
            var bytes = JsonSerializer.SerializeToUtf8Bytes(state, CollectorJson.Default.CollectorState);
            if (!bytes.AsSpan().SequenceEqual(_written))
            {
                TryWrite(bytes);
            }
        }
    }

    void TryWrite(byte[] bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, 0);
            RandomAccess.SetLength(_handle, bytes.Length);
            _written = bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, perhaps: the next time.
            _written = [];
        }
    }
}
