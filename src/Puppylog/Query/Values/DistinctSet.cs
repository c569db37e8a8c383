using System.Numerics;
using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Distinct values per group, kept as 64-bit hashes (<see cref="ByteHash.Of"/>): exact up to a chance of collision of about
/// 3·10⁻⁸ at a million values. Past <see cref="MaxExact"/> values of all groups together, groups that have many become
/// estimates (<see cref="DistinctSketch"/>).
/// </summary>
sealed class DistinctSet(QueryMemory memory)
{
    /// <summary>16 to 32 MiB of hashes a worker; a few times what the largest table of clients of a day's access log holds.</summary>
    public const int MaxExact = 1 << 20;

    /// <summary>A group with fewer values takes less room as hashes than as a sketch.</summary>
    const int MinSketched = 1 << 11;

    readonly Dictionary<int, DistinctSketch> _sketches = [];
    ulong[] _hashes = new ulong[64];

    /// <summary>1 + the group; null as long as all are in group 0, where the hash itself says that a slot is taken.</summary>
    int[]? _groups;
    long[] _counts = new long[1];
    int _count;
    int _limit = MaxExact;
    bool _hasZero;

    /// <summary>True where some group is an estimate.</summary>
    public bool IsEstimate => _sketches.Count > 0;

    public void Add(int group, ulong hash)
    {
        if (_sketches.Count > 0 && _sketches.TryGetValue(group, out var sketch))
        {
            sketch.Add(hash);
        }
        else if (Insert(group, hash))
        {
            if (group >= _counts.Length)
            {
                var size = Math.Max(group + 1, _counts.Length * 2);
                memory.Charge((size - _counts.Length) * 8L);
                Array.Resize(ref _counts, size);
            }

            _counts[group]++;
            if (_count > _limit)
            {
                Sketch();
            }
        }
    }

    /// <summary>Adds another set, its groups renumbered.</summary>
    public void Merge(DistinctSet other, ReadOnlySpan<int> groupMap)
    {
        foreach (var (theirs, sketch) in other._sketches)
        {
            if (!_sketches.TryAdd(groupMap[theirs], sketch))
            {
                _sketches[groupMap[theirs]].Merge(sketch);
            }
        }

        if (other._sketches.Count > 0)
        {
            MoveToSketches();
        }

        if (other._hasZero)
        {
            Add(groupMap[0], 0);
        }

        for (var i = 0; i < other._hashes.Length; i++)
        {
            if (other._groups is null ? other._hashes[i] != 0 : other._groups[i] != 0)
            {
                Add(groupMap[other._groups is null ? 0 : other._groups[i] - 1], other._hashes[i]);
            }
        }
    }

    public long Count(int group) => _sketches.TryGetValue(group, out var sketch) ? sketch.Estimate() : group < _counts.Length ? _counts[group] : 0;

    static int Slot(int group, ulong hash, int mask) => (int)((hash ^ ((ulong)(uint)group * 0x9e3779b97f4a7c15)) & (ulong)mask);

    /// <summary>True where the group did not have the value.</summary>
    bool Insert(int group, ulong hash)
    {
        if (group > 0 && _groups is null)
        {
            StartGroups();
        }

        if (_groups is null && hash == 0)
        {
            var isNew = !_hasZero;
            _hasZero = true;
            return isNew;
        }

        var mask = _hashes.Length - 1;
        var slot = Slot(group, hash, mask);
        if (_groups is null)
        {
            for (; _hashes[slot] != 0; slot = (slot + 1) & mask)
            {
                if (_hashes[slot] == hash)
                {
                    return false;
                }
            }
        }
        else
        {
            for (; _groups[slot] != 0; slot = (slot + 1) & mask)
            {
                if (_groups[slot] == group + 1 && _hashes[slot] == hash)
                {
                    return false;
                }
            }

            _groups[slot] = group + 1;
        }

        _hashes[slot] = hash;
        if (++_count * 2 > _hashes.Length)
        {
            Rebuild(_hashes.Length * 2, _ => true);
        }

        return true;
    }

    void StartGroups()
    {
        memory.Charge(_hashes.Length * 4L);
        _groups = new int[_hashes.Length];
        for (var i = 0; i < _hashes.Length; i++)
        {
            _groups[i] = _hashes[i] == 0 ? 0 : 1;
        }

        if (_hasZero)
        {
            _hasZero = false;
            Insert(0, 0);
        }
    }

    /// <summary>Turns the groups with many values into sketches; where that frees little, hashes go on within the budget.</summary>
    void Sketch()
    {
        for (var group = 0; group < _counts.Length; group++)
        {
            if (_counts[group] >= MinSketched)
            {
                memory.Charge(DistinctSketch.Size);
                _sketches.Add(group, new DistinctSketch());
            }
        }

        MoveToSketches();
        _limit = Math.Max(MaxExact, _count * 2);
    }

    /// <summary>Takes the hashes of groups that have a sketch out of the table.</summary>
    void MoveToSketches()
    {
        if (_hasZero && _sketches.TryGetValue(0, out var first))
        {
            first.Add(0);
            _hasZero = false;
        }

        foreach (var group in _sketches.Keys)
        {
            if (group < _counts.Length)
            {
                _counts[group] = 0;
            }
        }

        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, _counts.Sum() * 4));
        Rebuild(Math.Min(_hashes.Length, size), entry =>
        {
            var isSketched = _sketches.TryGetValue(entry.Group, out var sketch);
            sketch?.Add(entry.Hash);
            return !isSketched;
        });
    }

    void Rebuild(int size, Predicate<(int Group, ulong Hash)> keeps)
    {
        var entrySize = _groups is null ? 8L : 12L;
        memory.Charge((size - _hashes.Length) * entrySize);
        var (hashes, groups) = (_hashes, _groups);
        _hashes = new ulong[size];
        _groups = groups is null ? null : new int[size];
        _count = 0;
        var mask = size - 1;
        for (var i = 0; i < hashes.Length; i++)
        {
            if (groups is null ? hashes[i] == 0 : groups[i] == 0)
            {
                continue;
            }

            var group = groups is null ? 0 : groups[i] - 1;
            if (!keeps((group, hashes[i])))
            {
                continue;
            }

            var slot = Slot(group, hashes[i], mask);
            while (_groups is null ? _hashes[slot] != 0 : _groups[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _hashes[slot] = hashes[i];
            if (_groups is not null)
            {
                _groups[slot] = group + 1;
            }

            _count++;
        }
    }
}
