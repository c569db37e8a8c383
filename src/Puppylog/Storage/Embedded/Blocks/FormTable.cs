using System.Numerics;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>The distinct forms of the text between the values of a block's lines. Kept and reused.</summary>
sealed class FormTable
{
    readonly ulong _seed = ValueHash.NewSeed();
    int[] _slots = new int[1 << 8];
    Form[] _forms = new Form[64];
    int[] _order = [];
    RecordBatch? _batch;

    public int Count { get; private set; }

    /// <summary>Bytes of the forms' text; not of those that were given up.</summary>
    public long TextLength
    {
        get
        {
            var sum = 0L;
            foreach (ref readonly var form in _forms.AsSpan(0, Count))
            {
                sum += form.Before.Length + form.After.Length;
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

    public ref readonly Form this[int form] => ref _forms[form];

    public ReadOnlySpan<byte> Before(int form) => _batch!.Value(_forms[form].Before);

    public ReadOnlySpan<byte> After(int form) => _batch!.Value(_forms[form].After);

    /// <summary>The number of a form, one more use counted.</summary>
    /// <param name="before">The text up to the field's name; all of it where the name is not in it.</param>
    /// <param name="after">The text behind the field's name.</param>
    /// <param name="name">How the field's name stands between them.</param>
    /// <param name="isQuoted">A quote belongs behind the value.</param>
    public int Number(ByteSpan before, ByteSpan after, FormName name, bool isQuoted)
    {
        var bytes = _batch!.Bytes;
        var hash = ValueHash.Compute(bytes, before.Offset, before.Length, 0, _seed);
        hash = (hash ^ Rotated(ValueHash.Compute(bytes, after.Offset, after.Length, (byte)name, _seed)) ^ (isQuoted ? 1u : 0u)) * 0x9E37_79B9_7F4A_7C15;
        var slot = (int)(hash >> 32) & (_slots.Length - 1);
        while (_slots[slot] > 0)
        {
            ref var known = ref _forms[_slots[slot] - 1];
            if (known.Hash == hash && known.Name == name && known.IsQuoted == isQuoted
                && _batch.Value(known.Before).SequenceEqual(_batch.Value(before)) && _batch.Value(known.After).SequenceEqual(_batch.Value(after)))
            {
                known.Uses++;
                return _slots[slot] - 1;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        if (Count == _forms.Length)
        {
            Array.Resize(ref _forms, Count * 2);
        }

        _forms[Count] = new() { Hash = hash, Before = before, After = after, Name = name, IsQuoted = isQuoted, Uses = 1 };
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    static ulong Rotated(ulong hash) => BitOperations.RotateLeft(hash, 29);

    void Grow()
    {
        _slots = new int[_slots.Length * 4];
        for (var form = 0; form < Count; form++)
        {
            var slot = (int)(_forms[form].Hash >> 32) & (_slots.Length - 1);
            while (_slots[slot] > 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = form + 1;
        }
    }

    /// <summary>A line is given up.</summary>
    public void Forget(ReadOnlySpan<int> forms)
    {
        foreach (var form in forms)
        {
            _forms[form].Uses--;
        }
    }

    /// <summary>Drops forms that no line has and numbers the others by how often they come, the frequent first. Ends the taking in.</summary>
    public void Renumber(Span<int> sequence)
    {
        var numbers = new int[Count];
        for (var form = 0; form < numbers.Length; form++)
        {
            numbers[form] = form;
        }

        numbers.AsSpan().Sort((a, b) => _forms[a].Uses != _forms[b].Uses ? _forms[b].Uses.CompareTo(_forms[a].Uses) : a.CompareTo(b));
        if (_order.Length < Count)
        {
            _order = new int[_forms.Length];
        }

        var sorted = new Form[_forms.Length];
        var used = 0;
        foreach (var form in numbers)
        {
            if (_forms[form].Uses > 0)
            {
                sorted[used] = _forms[form];
                _order[form] = used++;
            }
        }

        (_forms, Count) = (sorted, used);
        foreach (ref var form in sequence)
        {
            form = _order[form];
        }
    }

    public struct Form
    {
        public ulong Hash;
        public ByteSpan Before;
        public ByteSpan After;
        public FormName Name;
        public bool IsQuoted;
        public int Uses;
    }
}
