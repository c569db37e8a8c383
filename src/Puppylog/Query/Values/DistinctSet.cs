using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Distinct values per group, kept as 128-bit hashes (<see cref="ByteHash.Wide"/>): exact up to a chance of collision of
/// about 10⁻²³ at a million values, at 20 bytes a value whatever its length.
/// </summary>
sealed class DistinctSet(QueryMemory memory)
{
    UInt128[] _hashes = new UInt128[64];
    int[] _groups = new int[64];
    int _count;

    /// <summary>True where the group did not have the value.</summary>
    public bool Add(int group, UInt128 hash)
    {
        var mask = _groups.Length - 1;
        var slot = Slot(group, hash, mask);
        for (; _groups[slot] != 0; slot = (slot + 1) & mask)
        {
            if (_groups[slot] == group + 1 && _hashes[slot] == hash)
            {
                return false;
            }
        }

        _groups[slot] = group + 1;
        _hashes[slot] = hash;
        if (++_count * 2 > _groups.Length)
        {
            Grow();
        }

        return true;
    }

    /// <summary>Adds another set, its groups renumbered, and counts what was new per group.</summary>
    public void Merge(DistinctSet other, ReadOnlySpan<int> groupMap, long[] counts)
    {
        for (var i = 0; i < other._groups.Length; i++)
        {
            if (other._groups[i] != 0)
            {
                var group = groupMap[other._groups[i] - 1];
                if (Add(group, other._hashes[i]))
                {
                    counts[group]++;
                }
            }
        }
    }

    static int Slot(int group, UInt128 hash, int mask) => (int)ByteHash.Mix((ulong)hash ^ (ulong)(uint)group, 0x9e3779b97f4a7c15) & mask;

    void Grow()
    {
        memory.Charge(_groups.Length * 20L);
        var (hashes, groups) = (_hashes, _groups);
        _hashes = new UInt128[hashes.Length * 2];
        _groups = new int[groups.Length * 2];
        var mask = _groups.Length - 1;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] != 0)
            {
                var slot = Slot(groups[i] - 1, hashes[i], mask);
                while (_groups[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                _groups[slot] = groups[i];
                _hashes[slot] = hashes[i];
            }
        }
    }
}
