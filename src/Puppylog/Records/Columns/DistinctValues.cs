using System.Buffers.Binary;
using System.Numerics;

namespace Puppylog.Records.Columns;

/// <summary>Numbers distinct values in the order in which they come. Not thread-safe.</summary>
/// <param name="room">Distinct values that it has room for at first.</param>
sealed class DistinctValues(int room)
{
    readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    int[] _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, room * 2))];
    int[] _offsets = new int[Math.Max(8, room) + 1];
    byte[] _bytes = new byte[256];

    public int Count { get; private set; }

    /// <summary>The number of a value, which it is given where it has none.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> value)
    {
        var slot = Hash(value, _seed) & (uint)(_slots.Length - 1);
        for (; _slots[slot] != 0; slot = (slot + 1) & (uint)(_slots.Length - 1))
        {
            var number = _slots[slot] - 1;
            if (this[number].SequenceEqual(value))
            {
                return number;
            }
        }

        _slots[slot] = Add(value) + 1;
        if (Count * 2 > _slots.Length)
        {
            Rehash();
        }

        return Count - 1;
    }

    /// <summary>Gives an entry a number of its own, which no value finds.</summary>
    public int Add(ReadOnlySpan<byte> value)
    {
        var start = _offsets[Count];
        if (value.Length > _bytes.Length - start)
        {
            Array.Resize(ref _bytes, Math.Max(start + value.Length, _bytes.Length * 2));
        }

        if (Count + 2 > _offsets.Length)
        {
            Array.Resize(ref _offsets, _offsets.Length * 2);
        }

        value.CopyTo(_bytes.AsSpan(start));
        _offsets[++Count] = start + value.Length;
        return Count - 1;
    }

    public ByteTable ToTable() => new(_bytes[.._offsets[Count]], _offsets[..(Count + 1)]);

    ReadOnlySpan<byte> this[int number] => _bytes.AsSpan(_offsets[number].._offsets[number + 1]);

    void Rehash()
    {
        var old = _slots;
        _slots = new int[old.Length * 2];
        foreach (var taken in old)
        {
            if (taken != 0)
            {
                var slot = Hash(this[taken - 1], _seed) & (uint)(_slots.Length - 1);
                while (_slots[slot] != 0)
                {
                    slot = (slot + 1) & (uint)(_slots.Length - 1);
                }

                _slots[slot] = taken;
            }
        }
    }

    /// <summary>Of the length, and of all bytes in eights, multiplied and folded (after Wang Yi's wyhash).</summary>
    static uint Hash(ReadOnlySpan<byte> value, ulong seed)
    {
        var hash = seed ^ (ulong)value.Length;
        while (value.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value));
            value = value[8..];
        }

        ulong rest = 0;
        foreach (var b in value)
        {
            rest = (rest << 8) | b;
        }

        return (uint)Fold(hash ^ rest);

        static ulong Fold(ulong number)
        {
            var high = Math.BigMul(number, 0x9E37_79B9_7F4A_7C15, out var low);
            return high ^ low;
        }
    }
}
