namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// What was read of blocks, checked and decoded, kept for the next query within a number of bytes. When it is full, what
/// goes is chosen at random: a scan that is larger than the cache then still finds a part of itself the next time, where
/// the least recently used would always just have gone. Thread-safe.
/// </summary>
/// <param name="capacity">Bytes; nothing is kept where it is 0.</param>
sealed class BlockCache(long capacity)
{
    /// <summary>Nothing larger than this share of the cache is kept.</summary>
    const int LargestShare = 16;

    /// <summary>Bytes of an entry beside what it holds: its objects and its place here. Of small blocks that is the most.</summary>
    public const int EntryBytes = 512;

    /// <summary>Entries that are looked at while others wait.</summary>
    const int Stretch = 4096;

    readonly Lock _gate = new();
    readonly Dictionary<Key, int> _places = [];
    readonly List<Entry> _entries = [];
    readonly Random _random = new(20_260_801);

    /// <summary>Bytes that are kept.</summary>
    public long Used { get; private set; }

    public object? Find(long segment, long offset, string name)
    {
        lock (_gate)
        {
            return _places.TryGetValue(new(segment, offset, name), out var place) ? _entries[place].Value : null;
        }
    }

    /// <param name="segment">The block's segment.</param>
    /// <param name="offset">Where the block begins in it.</param>
    /// <param name="name">What it is of the block.</param>
    /// <param name="value">Read by several threads at a time.</param>
    /// <param name="held">Bytes of the values that it holds, about.</param>
    public void Add(long segment, long offset, string name, object value, long held)
    {
        var bytes = held + EntryBytes;
        if (bytes > capacity / LargestShare)
        {
            return;
        }

        lock (_gate)
        {
            var key = new Key(segment, offset, name);
            if (!_places.TryAdd(key, _entries.Count))
            {
                return;
            }

            _entries.Add(new(key, value, bytes));
            Used += bytes;
            while (Used > capacity)
            {
                Remove(_random.Next(_entries.Count));
            }
        }
    }

    /// <summary>Lets go of all that is of segments which are not read any more.</summary>
    public void Forget(IReadOnlySet<long> segments)
    {
        for (var next = int.MaxValue; next > 0;)
        {
            lock (_gate)
            {
                next = Math.Min(next, _entries.Count);
                for (var least = next - Stretch; next > 0 && next > least; next--)
                {
                    if (segments.Contains(_entries[next - 1].Key.Segment))
                    {
                        Remove(next - 1);
                    }
                }
            }
        }
    }

    void Remove(int place)
    {
        var entry = _entries[place];
        Used -= entry.Bytes;
        _places.Remove(entry.Key);
        var last = _entries.Count - 1;
        if (place != last)
        {
            _entries[place] = _entries[last];
            _places[_entries[last].Key] = place;
        }

        _entries.RemoveAt(last);
    }

    readonly record struct Key(long Segment, long Offset, string Name);

    readonly record struct Entry(Key Key, object Value, long Bytes);
}
