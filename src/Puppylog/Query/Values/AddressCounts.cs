using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// IPv4 addresses and how often each came: open addressing over 64-bit slots of address and count, so that a look-up is one
/// load. Not thread-safe.
/// </summary>
/// <param name="memory">Charged as the table grows.</param>
sealed class AddressCounts(QueryMemory memory)
{
    /// <summary>The address, then how often it came, never 0 in a slot that is taken.</summary>
    ulong[] _slots = new ulong[64];

    /// <summary>What a 32-bit count could not hold.</summary>
    readonly Dictionary<uint, long> _more = [];

    public int Count { get; private set; }

    /// <summary>Above every place.</summary>
    public int Places => _slots.Length;

    public void Add(uint address, long hits)
    {
        for (; hits > uint.MaxValue / 2; hits -= uint.MaxValue / 2)
        {
            Add(address, uint.MaxValue / 2);
        }

        ref var slot = ref Find(address);
        if (slot == 0)
        {
            slot = (ulong)address << 32 | (uint)hits;
            if (++Count * 2 > _slots.Length)
            {
                Grow();
            }
        }
        else if ((uint)slot > uint.MaxValue - (uint)hits)
        {
            _more[address] = _more.GetValueOrDefault(address) + (uint)slot;
            slot = (ulong)address << 32 | (uint)hits;
        }
        else
        {
            slot += (uint)hits;
        }
    }

    /// <summary>False where the place is free.</summary>
    public bool TryGet(int place, out uint address, out long hits)
    {
        var slot = _slots[place];
        address = (uint)(slot >> 32);
        hits = (uint)slot;
        if (_more.Count > 0)
        {
            hits += _more.GetValueOrDefault(address);
        }

        return slot != 0;
    }

    public void Merge(AddressCounts other)
    {
        for (var place = 0; place < other.Places; place++)
        {
            if (other.TryGet(place, out var address, out var hits))
            {
                Add(address, hits);
            }
        }

        other.Release();
    }

    /// <summary>Gives the budget back; the table is empty.</summary>
    public void Release()
    {
        memory.Release((Places - 64) * 8L);
        (_slots, Count) = (new ulong[64], 0);
        _more.Clear();
    }

    ref ulong Find(uint address)
    {
        var mask = _slots.Length - 1;
        var place = (int)AddressText.Hash(address) & mask;
        while (_slots[place] != 0 && (uint)(_slots[place] >> 32) != address)
        {
            place = (place + 1) & mask;
        }

        return ref _slots[place];
    }

    void Grow()
    {
        memory.Charge(_slots.Length * 8L);
        var slots = _slots;
        _slots = new ulong[slots.Length * 2];
        foreach (var slot in slots)
        {
            if (slot != 0)
            {
                Find((uint)(slot >> 32)) = slot;
            }
        }
    }
}
