using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Gives each distinct value of a column a code, in order of first occurrence. Open addressing with linear probing; the
/// table holds 32 bits of each hash beside the code, so that almost every miss is seen without touching the value, and
/// begins small, so that columns of few values stay in the processor's nearest cache.
/// </summary>
/// <param name="room">Distinct values that it has room for, a power of two, at least 1,024.</param>
sealed class ValueDictionary(int room = BlockFormat.MaxDictionary)
{
    const int FirstSlots = 1 << 10;
    const byte Between = (byte)'\n';
    const ulong TagBits = 0xFFFF_FFFF_0000_0000;

    /// <summary>
    /// Rows between asking for a value's memory and using it: a batch is larger than the near caches, and each column walks
    /// over all of it. With it and a table that grows, encoding took 0.89 of the CPU time (bench/results/2026-11-22-collect.md).
    /// </summary>
    const int Ahead = 12;

    /// <summary>Slot: hash bits above, code + 1 below; 0 is empty.</summary>
    readonly ulong[] _slots = new ulong[room * 2];
    readonly ByteSpan[] _values = new ByteSpan[room];
    readonly ByteWriter _text = new();
    readonly byte[] _kinds = new byte[room];
    readonly ulong[] _hashes = new ulong[room];
    readonly ulong _seed = ValueHash.NewSeed();
    ushort[] _codes = [];

    int _mask = FirstSlots - 1;

    /// <summary>Rows that have a code.</summary>
    int _coded;

    /// <summary>Distinct values, the absent one included.</summary>
    public int Count { get; private set; }

    /// <summary>The code of absent values, or -1.</summary>
    public int AbsentCode { get; private set; }

    public bool HasKinds { get; private set; }

    public ReadOnlySpan<ushort> Codes(int count) => _codes.AsSpan(0, count);

    /// <summary>Where each distinct value lies in <see cref="Text"/>; they lie there in the order of their codes.</summary>
    public ReadOnlySpan<ByteSpan> Values => _values.AsSpan(0, Count);

    /// <summary>
    /// The distinct values one behind the other: copied when they are first seen and still near, so that neither the next
    /// comparison nor the compressor has to fetch them from all over the batch. Behind each stands a newline, so that the
    /// words of all of them can be found in one go.
    /// </summary>
    public ReadOnlySpan<byte> Text => _text.Written;

    /// <summary>The value of a code; empty for the absent one.</summary>
    public ReadOnlySpan<byte> Value(int code) => Text.Slice(_values[code].Offset, Math.Max(0, _values[code].Length));

    public ReadOnlySpan<byte> Kinds => _kinds.AsSpan(0, Count);

    /// <summary>
    /// Codes the column; false, with nothing to be used, where the values are too many or too different for a dictionary
    /// to pay.
    /// </summary>
    /// <param name="column">The values.</param>
    /// <param name="most">Distinct values at the most.</param>
    /// <param name="share">Distinct values for each value at the most.</param>
    /// <param name="unique">After how many values the attempt ends where too many were different.</param>
    /// <param name="uniqueShare">How many that is, for each value.</param>
    public bool TryBuild(in ColumnInput column, int most, double share = 0.8, int unique = 4096, double uniqueShare = 0.95)
    {
        Reset();
        HasKinds = column.Kinds is not null;
        if (_codes.Length < column.Rows.Length)
        {
            _codes = new ushort[Math.Max(column.Rows.Length, 4096)];
        }

        return TryContinue(column, most, share, unique, uniqueShare);
    }

    /// <summary>Goes on where <see cref="TryBuild"/> met more distinct values than it was to take, with the same column.</summary>
    public bool TryContinue(in ColumnInput column, int most, double share = 0.8, int unique = 4096, double uniqueShare = 0.95)
    {
        var bytes = column.Bytes;
        var spans = column.Spans;
        var rows = column.Rows;
        var kinds = column.Kinds;
        var codes = _codes.AsSpan(0, rows.Length);
        var last = new ByteSpan(-1, -1);
        var code = 0;
        for (var i = _coded; i < rows.Length; i++)
        {
            var row = rows[i];
            var span = spans[row];
            // One place for many records: the path of their file.
            if (span == last && kinds is null)
            {
                codes[i] = (ushort)code;
                continue;
            }

            Prefetch(bytes, spans, rows, i + Ahead);
            last = span;
            code = span.IsAbsent ? CodeOfAbsent() : CodeOf(bytes, span, kinds is null ? (byte)0 : (byte)kinds.Kind(row));
            if (code < 0)
            {
                return false;
            }

            codes[i] = (ushort)code;
            if (Count > most || (i == unique && Count > unique * uniqueShare))
            {
                _coded = i + 1;
                return false;
            }
        }

        _coded = rows.Length;
        return (Count <= 256 && share > 0.5) || Count <= rows.Length * share;
    }

    int CodeOfAbsent()
    {
        if (AbsentCode < 0 && Count < _values.Length)
        {
            AbsentCode = Count;
            _values[Count] = ByteSpan.Absent;
            _kinds[Count] = 0;
            Count++;
        }

        return AbsentCode;
    }

    /// <summary>The value's code, a new one where it is new; -1 where there is no room for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int CodeOf(ReadOnlySpan<byte> bytes, ByteSpan span, byte kind)
    {
        var value = bytes.Slice(span.Offset, span.Length);
        var hash = ValueHash.Compute(bytes, span.Offset, span.Length, kind, _seed);
        var tag = hash & TagBits;
        var slots = _slots;
        var slot = (int)hash & _mask;
        for (ulong entry; (entry = slots[slot]) != 0; slot = (slot + 1) & _mask)
        {
            if ((entry & TagBits) == tag)
            {
                var known = (int)(uint)entry - 1;
                var other = _values[known];
                if (other.Length == span.Length && (!HasKinds || _kinds[known] == kind)
                    && (span.Length <= ValueHash.ExactLength ? _hashes[known] == hash : Text.Slice(other.Offset, other.Length).SequenceEqual(value)))
                {
                    return known;
                }
            }
        }

        return Add(value, hash, kind, slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Add(ReadOnlySpan<byte> value, ulong hash, byte kind, int slot)
    {
        var code = Count;
        if (code == _values.Length)
        {
            return -1;
        }

        _slots[slot] = (hash & TagBits) | (uint)(code + 1);
        _values[code] = new(_text.Length, value.Length);
        var room = _text.Reserve(value.Length + 1);
        value.CopyTo(room);
        room[value.Length] = Between;
        _text.Advance(value.Length + 1);
        _kinds[code] = kind;
        _hashes[code] = hash;
        Count++;
        if (Count * 2 > _mask && _mask < _slots.Length - 1)
        {
            Grow();
        }

        return code;
    }

    void Grow()
    {
        Array.Clear(_slots, 0, _mask + 1);
        _mask = Math.Min((_mask * 4) + 3, _slots.Length - 1);
        for (var code = 0; code < Count; code++)
        {
            if (code == AbsentCode)
            {
                continue;
            }

            var slot = (int)_hashes[code] & _mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = (_hashes[code] & TagBits) | (uint)(code + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void Prefetch(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> spans, ReadOnlySpan<int> rows, int at)
    {
        if (Sse.IsSupported && (uint)at < (uint)rows.Length)
        {
            // Only a hint: the address is never read, so that a collector's move between the two does not matter.
            var span = spans[rows[at]];
            ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), span.Offset);
            Sse.Prefetch0(Unsafe.AsPointer(ref start));
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref start, Math.Max(0, span.Length - 1))));
        }
    }

    void Reset()
    {
        Array.Clear(_slots, 0, _mask + 1);
        _mask = FirstSlots - 1;
        _text.Clear();
        _coded = 0;
        Count = 0;
        AbsentCode = -1;
    }
}
