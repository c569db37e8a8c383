namespace Puppylog.Records;

/// <summary>
/// The values of a batch that have no column, put together by field: for each name the places of the records that have it,
/// ascending, and their values. Kept and reused; not thread-safe.
/// </summary>
sealed class OverflowGroups
{
    int[] _slots = new int[256];
    uint[] _hashes = [];
    ByteSpan[] _names = [];
    int[] _starts = [];
    int[] _counts = [];
    int[] _groupOf = [];
    int[] _places = [];
    int[] _entries = [];
    RecordBatch? _batch;
    bool _isAscending;

    /// <summary>Distinct names.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Name(int group) => _batch!.Value(_names[group]);

    /// <summary>Records that have the field.</summary>
    public int ValueCount(int group) => _counts[group];

    /// <summary>Where the records are that have the field, ascending.</summary>
    public ReadOnlySpan<int> Places(int group) => _places.AsSpan(_starts[group], _counts[group]);

    /// <summary>The value of each of the <see cref="Places"/>.</summary>
    public ref readonly OverflowEntry Entry(int group, int index) => ref _batch!.Overflow[_entries[_starts[group] + index]];

    /// <summary>The field of that name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (Count == 0)
        {
            return -1;
        }

        return _slots[SlotOf(name, Hash(name))] - 1;
    }

    /// <param name="batch">The batch.</param>
    /// <param name="placeOf">The place of each of the batch's rows, -1 for rows that are not meant; empty for the rows themselves.</param>
    public void Build(RecordBatch batch, ReadOnlySpan<int> placeOf)
    {
        _batch = batch;
        Count = 0;
        _isAscending = true;
        Array.Clear(_slots);
        var overflow = batch.Overflow;
        Ensure(ref _groupOf, overflow.Length);
        Ensure(ref _places, overflow.Length);
        Ensure(ref _entries, overflow.Length);
        for (var i = 0; i < overflow.Length; i++)
        {
            ref readonly var entry = ref overflow[i];
            _groupOf[i] = !placeOf.IsEmpty && placeOf[entry.Row] < 0 ? -1 : GroupOf(entry.Name);
            if (_groupOf[i] >= 0)
            {
                _counts[_groupOf[i]]++;
            }
        }

        Ensure(ref _starts, Count);
        var start = 0;
        for (var group = 0; group < Count; group++)
        {
            _starts[group] = start;
            start += _counts[group];
            _counts[group] = 0;
        }

        for (var i = 0; i < overflow.Length; i++)
        {
            if (_groupOf[i] is >= 0 and var group)
            {
                Put(group, placeOf.IsEmpty ? overflow[i].Row : placeOf[overflow[i].Row], i);
            }
        }

        for (var group = 0; group < Count && !_isAscending; group++)
        {
            Sort(group);
        }
    }

    /// <summary>Adds a value behind those of its field. The same record again has its value replaced, as in a column.</summary>
    void Put(int group, int place, int entry)
    {
        var end = _starts[group] + _counts[group];
        if (_counts[group] > 0 && _places[end - 1] >= place)
        {
            if (_places[end - 1] == place)
            {
                _entries[end - 1] = entry;
                return;
            }

            _isAscending = false;
        }

        _places[end] = place;
        _entries[end] = entry;
        _counts[group]++;
    }

    /// <summary>The rows are stored in another order than that in which they came.</summary>
    void Sort(int group)
    {
        var keys = new long[_counts[group]];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)_places[_starts[group] + i] << 32) | (uint)_entries[_starts[group] + i];
        }

        keys.AsSpan().Sort();
        _counts[group] = 0;
        foreach (var key in keys)
        {
            Put(group, (int)(key >> 32), (int)key);
        }
    }

    int GroupOf(ByteSpan name)
    {
        var bytes = _batch!.Value(name);
        var hash = Hash(bytes);
        var slot = SlotOf(bytes, hash);
        if (_slots[slot] > 0)
        {
            return _slots[slot] - 1;
        }

        Ensure(ref _names, Count + 1);
        Ensure(ref _hashes, Count + 1);
        Ensure(ref _counts, Count + 1);
        _names[Count] = name;
        _hashes[Count] = hash;
        _counts[Count] = 0;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
        {
            GrowSlots();
        }

        return Count - 1;
    }

    int SlotOf(ReadOnlySpan<byte> name, uint hash)
    {
        var slot = (int)(hash & (uint)(_slots.Length - 1));
        while (_slots[slot] is > 0 and var known && (_hashes[known - 1] != hash || !Name(known - 1).SequenceEqual(name)))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    void GrowSlots()
    {
        _slots = new int[_slots.Length * 4];
        for (var group = 0; group < Count; group++)
        {
            var slot = (int)(_hashes[group] & (uint)(_slots.Length - 1));
            while (_slots[slot] > 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = group + 1;
        }
    }

    static uint Hash(ReadOnlySpan<byte> name)
    {
        // Seeded per process: names chosen to collide cannot be prepared.
        var hash = new HashCode();
        hash.AddBytes(name);
        return (uint)hash.ToHashCode();
    }

    static void Ensure<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            Array.Resize(ref array, Math.Max(count, Math.Max(64, array.Length * 2)));
        }
    }
}
