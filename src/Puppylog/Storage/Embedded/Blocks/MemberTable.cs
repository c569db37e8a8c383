using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>The distinct members of a block's lines: the text before a value, and the value's field (-1: the line ends). Kept and reused.</summary>
sealed class MemberTable
{
    readonly ulong _seed = ValueHash.NewSeed();
    int[] _slots = new int[1 << 10];
    Member[] _members = new Member[256];
    int[] _order = [];
    RecordBatch? _batch;

    public int Count { get; private set; }

    /// <summary>Bytes of the members' text; not of those that were given up.</summary>
    public long TextLength
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < Count; i++)
            {
                sum += _members[i].Text.Length;
            }

            return sum;
        }
    }

    public void Clear(RecordBatch batch)
    {
        _batch = batch;
        Count = 0;
        Array.Clear(_slots);
    }

    public ReadOnlySpan<byte> Text(int member) => _batch!.Value(_members[member].Text);

    public int Field(int member) => _members[member].Field;

    /// <summary>How often lines name it.</summary>
    public int Uses(int member) => _members[member].Uses;

    /// <summary>True where no word reaches over the edges of its text.</summary>
    public bool IsApart(int member) => _members[member].IsApart;

    /// <summary>The number of a member, one more use counted.</summary>
    public int Number(ByteSpan text, int field)
    {
        var bytes = _batch!.Bytes;
        var hash = (ValueHash.Compute(bytes, text.Offset, text.Length, 0, _seed) ^ (uint)field) * 0x9E37_79B9_7F4A_7C15;
        var slot = (int)(hash >> 32) & (_slots.Length - 1);
        while (_slots[slot] > 0)
        {
            ref var known = ref _members[_slots[slot] - 1];
            if (known.Hash == hash && known.Field == field && _batch.Value(known.Text).SequenceEqual(_batch.Value(text)))
            {
                known.Uses++;
                return _slots[slot] - 1;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        if (Count == _members.Length)
        {
            Array.Resize(ref _members, Count * 2);
        }

        var value = _batch.Value(text);
        var isApart = value.Length > 0 && !Words.StartsWithWord(value) && (field < 0 || !Words.EndsWithWord(value));
        _members[Count] = new() { Hash = hash, Text = text, Field = field, Uses = 1, IsApart = isApart };
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    void Grow()
    {
        _slots = new int[_slots.Length * 4];
        for (var member = 0; member < Count; member++)
        {
            var slot = (int)(_members[member].Hash >> 32) & (_slots.Length - 1);
            while (_slots[slot] > 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = member + 1;
        }
    }

    /// <summary>A line is given up.</summary>
    public void Forget(ReadOnlySpan<int> members)
    {
        foreach (var member in members)
        {
            _members[member].Uses--;
        }
    }

    /// <summary>Drops members that no line names and numbers the others by how often they are named, the frequent first. Ends the taking in.</summary>
    public void Renumber(Span<int> sequence)
    {
        var keys = new long[Count];
        for (var member = 0; member < Count; member++)
        {
            keys[member] = ((long)(int.MaxValue - _members[member].Uses) << 32) | (uint)member;
        }

        keys.AsSpan().Sort();
        if (_order.Length < Count)
        {
            _order = new int[_members.Length];
        }

        var sorted = new Member[_members.Length];
        var used = 0;
        foreach (var key in keys)
        {
            var member = (int)key;
            if (_members[member].Uses > 0)
            {
                sorted[used] = _members[member];
                _order[member] = used++;
            }
        }

        (_members, Count) = (sorted, used);
        foreach (ref var member in sequence)
        {
            member = _order[member];
        }
    }

    struct Member
    {
        public ulong Hash;
        public ByteSpan Text;
        public int Field;
        public int Uses;
        public bool IsApart;
    }
}
