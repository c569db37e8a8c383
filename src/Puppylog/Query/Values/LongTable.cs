namespace Puppylog.Query.Values;

/// <summary>Numbers distinct integers in the order in which they come. For the rows of one block.</summary>
sealed class LongTable
{
    long[] _keys = new long[64];
    int[] _slots = new int[256];
    long _last;
    int _lastIndex = -1;

    public int Count { get; private set; }

    public long this[int index] => _keys[index];

    public int GetOrAdd(long key)
    {
        if (_lastIndex >= 0 && key == _last)
        {
            return _lastIndex;
        }

        _last = key;
        return _lastIndex = Find(key);
    }

    int Find(long key)
    {
        var mask = _slots.Length - 1;
        var slot = Slot(key, mask);
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (_keys[_slots[slot] - 1] == key)
            {
                return _slots[slot] - 1;
            }
        }

        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
        }

        _keys[Count] = key;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
        {
            Rehash();
        }

        return Count - 1;
    }

    static int Slot(long key, int mask) => (int)ByteHash.Mix((ulong)key ^ 0xa0761d6478bd642f, 0x9e3779b97f4a7c15) & mask;

    void Rehash()
    {
        _slots = new int[_slots.Length * 4];
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = Slot(_keys[i], mask);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }
}
