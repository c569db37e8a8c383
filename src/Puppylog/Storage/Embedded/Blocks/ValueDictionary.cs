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
/// <param name="room">Distinct values that it has room for, a power of two.</param>
sealed class ValueDictionary(int room)
{
    const int FirstSlots = 1 << 10;

    /// <summary>
    /// Rows between asking for a value's memory and using it: a batch is larger than the near caches, and each column walks
    /// over all of it. With it and a table that grows, encoding took 0.89 of the CPU time (bench/results/2026-11-22-collect.md).
    /// </summary>
    const int Ahead = 12;

    static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    /// <summary>Slot: hash bits above, code + 1 below; 0 is empty.</summary>
    readonly ulong[] _slots = new ulong[room * 2];
    readonly ByteSpan[] _values = new ByteSpan[room];
    readonly ByteWriter _text = new();
    readonly byte[] _kinds = new byte[room];
    readonly ulong[] _hashes = new ulong[room];
    ushort[] _codes = [];

    int _mask = FirstSlots - 1;

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
    /// comparison nor the compressor has to fetch them from all over the batch.
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
    /// <param name="unique">After how many values the attempt ends where nearly all were different.</param>
    public bool TryBuild(in ColumnInput column, int most, double share = 0.8, int unique = 4096)
    {
        Reset();
        if (_codes.Length < column.Rows.Length)
        {
            _codes = new ushort[Math.Max(column.Rows.Length, 4096)];
        }

        var bytes = column.Bytes;
        var spans = column.Spans;
        var rows = column.Rows;
        var kinds = column.Kinds;
        HasKinds = kinds is not null;
        var last = new ByteSpan(-1, -1);
        ushort lastCode = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var span = spans[row];
            // One place for many records: the path of their file.
            if (span == last && kinds is null)
            {
                _codes[i] = lastCode;
                continue;
            }

            Prefetch(bytes, spans, rows, i + Ahead);
            var kind = kinds is null ? (byte)0 : (byte)kinds.Kind(row);
            if (!TryCode(bytes, span, kind, out lastCode) || Count > most || (i == unique && Count > unique - (unique / 20)))
            {
                return false;
            }

            last = span;
            _codes[i] = lastCode;
        }

        return (Count <= 256 && share > 0.5) || Count <= rows.Length * share;
    }

    bool TryCode(ReadOnlySpan<byte> bytes, ByteSpan span, byte kind, out ushort code)
    {
        if (span.IsAbsent)
        {
            if (AbsentCode < 0)
            {
                if (Count == _values.Length)
                {
                    code = 0;
                    return false;
                }

                AbsentCode = Count;
                _values[Count] = span;
                _kinds[Count] = 0;
                Count++;
            }

            code = (ushort)AbsentCode;
            return true;
        }

        var value = bytes.Slice(span.Offset, span.Length);
        var hash = Hash(value) + kind;
        var slot = (int)hash & _mask;
        var tag = hash & 0xFFFF_FFFF_0000_0000;
        while (true)
        {
            var entry = _slots[slot];
            if (entry == 0)
            {
                break;
            }

            if ((entry & 0xFFFF_FFFF_0000_0000) == tag)
            {
                var known = (int)(entry & 0xFFFF_FFFF) - 1;
                var other = _values[known];
                if (other.Length == span.Length && _kinds[known] == kind && Text.Slice(other.Offset, other.Length).SequenceEqual(value))
                {
                    code = (ushort)known;
                    return true;
                }
            }

            slot = (slot + 1) & _mask;
        }

        if (Count == _values.Length)
        {
            code = 0;
            return false;
        }

        code = (ushort)Count;
        _slots[slot] = tag | (uint)(Count + 1);
        _values[Count] = new(_text.Length, span.Length);
        _text.Bytes(value);
        _kinds[Count] = kind;
        _hashes[Count] = hash;
        Count++;
        if (Count * 2 > _mask && _mask < _slots.Length - 1)
        {
            Grow();
        }

        return true;
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

            _slots[slot] = (_hashes[code] & 0xFFFF_FFFF_0000_0000) | (uint)(code + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void Prefetch(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> spans, ReadOnlySpan<int> rows, int at)
    {
        if (Sse.IsSupported && (uint)at < (uint)rows.Length)
        {
            // Only a hint: the address is never read, so that a collector's move between the two does not matter.
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), spans[rows[at]].Offset)));
        }
    }

    void Reset()
    {
        Array.Clear(_slots, 0, _mask + 1);
        _mask = FirstSlots - 1;
        _text.Clear();
        Count = 0;
        AbsentCode = -1;
    }

    /// <summary>
    /// A multiply-and-fold hash over 16 bytes a step, in the manner of wyhash; never stored. Seeded, because the values come
    /// from outside and could be made to collide.
    /// </summary>
    static ulong Hash(ReadOnlySpan<byte> value)
    {
        const ulong K0 = 0x9E37_79B9_7F4A_7C15;
        const ulong K1 = 0xD6E8_FEB8_6659_FD93;
        ref var start = ref MemoryMarshal.GetReference(value);
        var length = value.Length;
        var hash = ((ulong)length * K0) ^ Seed;
        if (length >= 16)
        {
            nint at = 0;
            for (; at <= length - 16; at += 16)
            {
                hash = Fold(Load(ref start, at) ^ K1 ^ hash, Load(ref start, at + 8) ^ K0);
            }

            // The last 16 bytes, which may overlap what was read.
            return Fold(Load(ref start, length - 16) ^ K0 ^ hash, Load(ref start, length - 8) ^ K1);
        }

        if (length >= 8)
        {
            return Fold(Load(ref start, 0) ^ K1 ^ hash, Load(ref start, length - 8) ^ K0);
        }

        if (length >= 4)
        {
            var low = Unsafe.ReadUnaligned<uint>(ref start);
            var high = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, length - 4));
            return Fold(low | ((ulong)high << 32) ^ hash, K1);
        }

        ulong few = 0;
        foreach (var b in value)
        {
            few = (few << 8) | b;
        }

        return Fold(few ^ hash ^ K0, K1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(ref byte start, nint at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
