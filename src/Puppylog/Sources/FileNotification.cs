using System.Globalization;
using Puppylog.Sources.Native;

namespace Puppylog.Sources;

/// <summary>
/// How the sources of a run hear of changes to files: opens their watchers, and says once each what the system does not give.
/// What is not told of is polled. Safe for several threads.
/// </summary>
/// <param name="notice">Takes sentences for people.</param>
/// <param name="open">Another system's inotify; null for this one's.</param>
sealed class FileNotification(Action<string> notice, Func<(IInotify? Inotify, int Error)>? open = null)
{
    const int TooManyInProcess = 24;
    const int TooManyInSystem = 23;

    readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>Null where the system gives no inotify instance.</summary>
    /// <param name="wake">Called from another thread when events wait.</param>
    public FileWatcher? TryOpen(Action wake)
    {
        int error;
        IInotify? inotify;
        (inotify, error) = open?.Invoke() ?? (Inotify.TryOpen(out error), error);
        if (inotify is not null)
        {
            return new FileWatcher(inotify, wake, this);
        }

        Say(error is TooManyInProcess or TooManyInSystem
            ? $"the system gives no more inotify instances ({Limit("max_user_instances")}): files are polled instead, which costs more; {WayOut("max_user_instances", 1024)}"
            : "the system does not tell of changed files: they are polled instead");
        return null;
    }

    /// <summary>A file or directory could not be watched because there are no watches left.</summary>
    public void TellExhausted() =>
        Say($"the system has no inotify watches left ({Limit("max_user_watches")}): further files are polled instead, which costs more; {WayOut("max_user_watches", 524_288)}");

    /// <summary>Events were lost; every source is looked at.</summary>
    public void TellOverflow() =>
        Say($"files changed faster than notifications were taken ({Limit("max_queued_events")}): all files are looked at, nothing is lost; {WayOut("max_queued_events", 131_072)}");

    static string Limit(string name)
    {
        try
        {
            return $"fs.inotify.{name} is {File.ReadAllText($"/proc/sys/fs/inotify/{name}").Trim()}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"fs.inotify.{name}";
        }
    }

    static string WayOut(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"to raise it: sysctl fs.inotify.{name}={value}");

    void Say(string sentence)
    {
        lock (_said)
        {
            if (!_said.Add(sentence))
            {
                return;
            }
        }

        notice(sentence);
    }
}
