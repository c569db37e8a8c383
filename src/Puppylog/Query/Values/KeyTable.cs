using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Numbers distinct byte strings in the order in which they come: open addressing over one buffer, no string per key.
/// Not thread-safe.
/// </summary>
sealed class KeyTable
{
    const int MaxBytes = 1 << 30;

    readonly QueryMemory? _memory;
    byte[] _bytes = new byte[256];
    int[] _offsets = new int[17];
    ulong[] _hashes = new ulong[16];
    int[] _slots;
    int _mask;

    /// <param name="memory">Charged as the table grows; null for a table of one block.</param>
    public KeyTable(QueryMemory? memory)
    {
        _memory = memory;
        _slots = new int[32];
        _mask = 31;
    }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index]);

    public int GetOrAdd(ReadOnlySpan<byte> key) => GetOrAdd(key, ByteHash.Of(key));

    int GetOrAdd(ReadOnlySpan<byte> key, ulong hash)
    {
        var slot = (int)hash & _mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & _mask)
        {
            var index = _slots[slot] - 1;
            if (_hashes[index] == hash && this[index].SequenceEqual(key))
            {
                return index;
            }
        }

        return Add(key, hash, slot);
    }

    int Add(ReadOnlySpan<byte> key, ulong hash, int slot)
    {
        var index = Count;
        if (index == _hashes.Length)
        {
            _memory?.Charge(index * 12L);
            Array.Resize(ref _hashes, index * 2);
            Array.Resize(ref _offsets, (index * 2) + 1);
        }

        var start = _offsets[index];
        if (key.Length > MaxBytes - start)
        {
            throw new QueryMemoryException(MaxBytes);
        }

        if (start + key.Length > _bytes.Length)
        {
            var size = Math.Max(start + key.Length, _bytes.Length * 2);
            _memory?.Charge(size - _bytes.Length);
            Array.Resize(ref _bytes, size);
        }

        key.CopyTo(_bytes.AsSpan(start));
        _offsets[index + 1] = start + key.Length;
        _hashes[index] = hash;
        _slots[slot] = index + 1;
        Count = index + 1;
        if (Count * 2 > _slots.Length)
        {
            Rehash();
        }

        return index;
    }

    void Rehash()
    {
        _memory?.Charge(_slots.Length * 4L);
        _slots = new int[_slots.Length * 2];
        _mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)_hashes[i] & _mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = i + 1;
        }
    }
}
