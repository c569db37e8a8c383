namespace Puppylog.Sources;

/// <summary>A watched file or directory, and who is to look when something happens to it.</summary>
sealed class FileWatch(int descriptor)
{
    readonly List<IWatchHolder> _holders = new(1);
    // Those who want to know of one name in a directory.
    Dictionary<string, List<IWatchHolder>>? _byName;

    public int Descriptor => descriptor;

    /// <summary>True where nothing is told any more: what was watched is gone, or its file system is.</summary>
    public bool IsGone { get; set; }

    public bool IsHeld => _holders.Count > 0 || _byName is { Count: > 0 };

    /// <summary>True where content was written or cut since this was last set to false; a touch does not count.</summary>
    public bool Modified { get; set; }

    /// <param name="name">The only name that is of interest; null for all.</param>
    public void Add(IWatchHolder holder, string? name)
    {
        if (name is null)
        {
            _holders.Add(holder);
            return;
        }

        _byName ??= new(StringComparer.Ordinal);
        if (!_byName.TryGetValue(name, out var holders))
        {
            _byName.Add(name, holders = new(1));
        }

        holders.Add(holder);
    }

    public void Remove(IWatchHolder holder, string? name)
    {
        if (name is null)
        {
            _holders.Remove(holder);
        }
        else if (_byName is not null && _byName.TryGetValue(name, out var holders) && holders.Remove(holder) && holders.Count == 0)
        {
            _byName.Remove(name);
        }
    }

    /// <param name="name">What something happened to; empty where that concerns everybody.</param>
    public void Wake(string name)
    {
        foreach (var holder in _holders)
        {
            holder.Wake();
        }

        if (name.Length > 0)
        {
            WakeAll(_byName?.GetValueOrDefault(name));
            return;
        }

        if (_byName is not null)
        {
            foreach (var holders in _byName.Values)
            {
                WakeAll(holders);
            }
        }
    }

    static void WakeAll(List<IWatchHolder>? holders)
    {
        foreach (var holder in holders ?? [])
        {
            holder.Wake();
        }
    }
}
