using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Integers;

/// <summary>Appends numbers of any width, the lowest bit first.</summary>
ref struct BitPacker
{
    /// <summary>The widest number that <see cref="AddShort"/> takes; all of a list go one way or the other.</summary>
    public const int MostShort = 56;

    readonly ByteWriter _target;
    readonly Span<byte> _bytes;
    ulong _pending;
    int _pendingBits;
    int _at;

    /// <param name="target">Where the bytes go.</param>
    /// <param name="bits">How many bits will be added at the most.</param>
    public BitPacker(ByteWriter target, long bits)
    {
        _target = target;
        _bytes = target.Reserve(Bits.ByteCount(bits) + 8);
    }

    /// <param name="value">No bit above the width may be set.</param>
    /// <param name="width">0 to 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong value, int width)
    {
        _pending |= value << _pendingBits;
        var total = _pendingBits + width;
        if (total < 64)
        {
            _pendingBits = total;
            return;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(_bytes[_at..], _pending);
        _at += 8;
        var used = 64 - _pendingBits;
        _pending = used == 64 ? 0 : value >> used;
        _pendingBits = total - 64;
    }

    /// <summary>The same without a branch, which no processor foresees where widths differ.</summary>
    /// <param name="value">No bit above the width may be set.</param>
    /// <param name="width">0 to <see cref="MostShort"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddShort(ulong value, int width)
    {
        // Whole bytes go at once, so that less than 8 bits are pending before each number.
        _pending |= value << _pendingBits;
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes[_at..], _pending);
        var total = _pendingBits + width;
        _at += total >> 3;
        _pending >>= total & ~7;
        _pendingBits = total & 7;
    }

    public void Finish()
    {
        var rest = (_pendingBits + 7) >> 3;
        for (var i = 0; i < rest; i++)
        {
            _bytes[_at++] = (byte)_pending;
            _pending >>= 8;
        }

        _target.Advance(_at);
    }
}
