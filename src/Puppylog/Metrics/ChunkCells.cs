using Puppylog.Query.Values;

namespace Puppylog.Metrics;

/// <summary>The entries of one chunk by period and segment, each in the order in which they came. Kept and reused.</summary>
sealed class ChunkCells
{
    int[] _firstCells = [];
    int[] _lastCells = [];
    int[] _others = [];
    int[] _named = [];
    Cell[] _cells = new Cell[64];
    int[] _slots = new int[256];
    int _count;

    /// <summary>Empties it.</summary>
    /// <param name="periods">Of a chunk.</param>
    public void Clear(int periods)
    {
        if (_firstCells.Length != periods)
        {
            (_firstCells, _lastCells, _others, _named) = (new int[periods], new int[periods], new int[periods], new int[periods]);
        }

        Array.Fill(_firstCells, -1);
        Array.Fill(_others, -1);
        Array.Clear(_named);
        Array.Clear(_slots);
        _count = 0;
    }

    /// <summary>Adds an entry. A segment that is new once there are enough is counted with the others, from its first record on.</summary>
    /// <param name="entries">All.</param>
    /// <param name="at">Which.</param>
    /// <param name="most">Segments of a period that are counted each by itself.</param>
    public void Add(FoldEntry[] entries, int at, int most)
    {
        ref var entry = ref entries[at];
        entry.NextOfCell = -1;
        var cell = entry.Named is null ? Other(entry.Offset) : Find(entries, in entry, at, most);
        if (_cells[cell].Last >= 0)
        {
            entries[_cells[cell].Last].NextOfCell = at;
        }
        else
        {
            _cells[cell].First = at;
        }

        _cells[cell].Last = at;
    }

    /// <summary>The first cell of a period; -1 where there is none. What was counted together is not among them.</summary>
    public int FirstOf(int offset) => _firstCells[offset];

    /// <summary>The next one of the same period; -1 where there is none.</summary>
    public int NextOf(int cell) => _cells[cell].Next;

    /// <summary>What was counted together in a period; -1 where nothing was.</summary>
    public int OtherOf(int offset) => _others[offset];

    /// <summary>The first entry of a cell.</summary>
    public int EntryOf(int cell) => _cells[cell].First;

    /// <summary>The segment's name stands in this entry.</summary>
    public int NameOf(int cell) => _cells[cell].Name;

    int Other(int offset) => _others[offset] >= 0 ? _others[offset] : _others[offset] = New(-1, 0);

    int Find(FoldEntry[] entries, in FoldEntry entry, int at, int most)
    {
        var hash = ByteHash.Mix(ByteHash.Of(entry.Segment) ^ (ulong)entry.Offset, 0x9e3779b97f4a7c15);
        var slot = (int)hash & (_slots.Length - 1);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref var known = ref _cells[_slots[slot] - 1];
            if (known.Hash == hash && entries[known.Name].Offset == entry.Offset && entries[known.Name].Segment.SequenceEqual(entry.Segment))
            {
                return _slots[slot] - 1;
            }
        }

        if (_named[entry.Offset] == most)
        {
            return Other(entry.Offset);
        }

        _named[entry.Offset]++;
        var cell = New(at, hash);
        _slots[slot] = cell + 1;
        if (_count * 2 > _slots.Length)
        {
            Rehash();
        }

        if (_firstCells[entry.Offset] < 0)
        {
            _firstCells[entry.Offset] = cell;
        }
        else
        {
            _cells[_lastCells[entry.Offset]].Next = cell;
        }

        return _lastCells[entry.Offset] = cell;
    }

    int New(int name, ulong hash)
    {
        if (_count == _cells.Length)
        {
            Array.Resize(ref _cells, _count * 2);
        }

        _cells[_count] = new() { First = -1, Last = -1, Next = -1, Name = name, Hash = hash };
        return _count++;
    }

    void Rehash()
    {
        _slots = new int[_slots.Length * 4];
        for (var cell = 0; cell < _count; cell++)
        {
            if (_cells[cell].Name < 0)
            {
                continue;
            }

            var slot = (int)_cells[cell].Hash & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = cell + 1;
        }
    }

    /// <summary>Entries of one period and segment.</summary>
    struct Cell
    {
        public required int First;
        public required int Last;
        public required int Next;
        public required int Name;
        public required ulong Hash;
    }
}
