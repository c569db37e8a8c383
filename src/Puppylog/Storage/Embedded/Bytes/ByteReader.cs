using System.Buffers.Binary;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Bytes;

/// <summary>Reads what <see cref="ByteWriter"/> wrote, and believes no length: past the end is a <see cref="CorruptDataException"/>.</summary>
ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at;

    public readonly int Remaining => _bytes.Length - _at;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    public byte Byte() => Bytes(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public ulong Varint()
    {
        if ((uint)_at < (uint)_bytes.Length && _bytes[_at] < 0x80)
        {
            return _bytes[_at++];
        }

        return LongVarint();
    }

    public long ZigZag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number that must not be above <paramref name="most"/>.</summary>
    public int Size(int most)
    {
        var value = Varint();
        return value <= (ulong)most ? (int)value : throw new CorruptDataException($"a size of {value} where {most} is the most");
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            ThrowShort(count);
        }

        var span = _bytes.Slice(_at, count);
        _at += count;
        return span;
    }

    public ReadOnlySpan<byte> Block() => Bytes(Size(Remaining));

    public string Text() => Encoding.UTF8.GetString(Block());

    ulong LongVarint()
    {
        var (at, value) = (_at, 0UL);
        var bytes = _bytes;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)bytes.Length)
            {
                _at = at;
                ThrowShort(1);
            }

            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                _at = at;
                return value;
            }
        }

        throw new CorruptDataException("a number is longer than ten bytes");
    }

    /// <summary>Apart, so that what calls it is compiled into its callers.</summary>
    readonly void ThrowShort(int count) => throw new CorruptDataException($"{count} bytes expected, {Remaining} left");
}
