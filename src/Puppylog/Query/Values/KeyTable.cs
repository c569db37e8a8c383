using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Numbers distinct byte strings in the order in which they come: open addressing over one arena, no object per key. A slot
/// holds half of the hash, so that a look-up touches a key's bytes only where they are (almost certainly) equal. Not
/// thread-safe.
/// </summary>
/// <param name="memory">Charged as the table grows; null for a table of one block.</param>
sealed class KeyTable(QueryMemory? memory)
{
    readonly ByteArena _bytes = new(memory);
    Entry[] _entries = new Entry[16];

    /// <summary>The upper half of the hash, then 1 + the key's number; 0 where free.</summary>
    ulong[] _slots = new ulong[32];
    long _charged;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes[_entries[index].Place];

    /// <summary><see cref="ByteHash.Of"/> of a key.</summary>
    public ulong Hash(int index) => _entries[index].Hash;

    public int GetOrAdd(ReadOnlySpan<byte> key) => GetOrAdd(key, ByteHash.Of(key));

    /// <summary>Fetches what <see cref="GetOrAdd(ReadOnlySpan{byte}, ulong)"/> will look at, so that waiting for it overlaps with other work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots[(int)hash & (_slots.Length - 1)]));
        }
    }

    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="ByteHash.Of"/>.</param>
    public int GetOrAdd(ReadOnlySpan<byte> key, ulong hash)
    {
        var index = Find(key, hash, out var slot);
        return index >= 0 ? index : Add(key, hash, slot);
    }

    /// <summary>The number of a key; -1 where it has none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="ByteHash.Of"/>.</param>
    public int Find(ReadOnlySpan<byte> key, ulong hash) => Find(key, hash, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Find(ReadOnlySpan<byte> key, ulong hash, out int slot)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        slot = (int)hash & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (slots[slot] >> 32 == hash >> 32)
            {
                var index = (int)(uint)slots[slot] - 1;
                if (this[index].SequenceEqual(key))
                {
                    return index;
                }
            }
        }

        return -1;
    }

    /// <summary>Gives the budget back; the table is not used any more.</summary>
    public void Release()
    {
        _bytes.Release();
        memory?.Release(_charged);
        _charged = 0;
        (_entries, _slots, Count) = ([], [], 0);
    }

    int Add(ReadOnlySpan<byte> key, ulong hash, int slot)
    {
        var index = Count;
        if (index == _entries.Length)
        {
            var size = index + Math.Max(index / 2, 16);
            Charge((size - index) * 16L);
            Array.Resize(ref _entries, size);
        }

        _entries[index] = new(hash, _bytes.Add(key));
        _slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | (uint)(index + 1);
        Count = index + 1;
        if (Count > _slots.Length / 8 * 5)
        {
            Rehash();
        }

        return index;
    }

    void Rehash()
    {
        Charge(_slots.Length * 8L);
        _slots = new ulong[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var hash = _entries[i].Hash;
            var slot = (int)hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | (uint)(i + 1);
        }
    }

    void Charge(long bytes)
    {
        memory?.Charge(bytes);
        _charged += bytes;
    }

    /// <param name="Hash">Of the key.</param>
    /// <param name="Place">Of its bytes in the arena.</param>
    readonly record struct Entry(ulong Hash, ulong Place);
}
