using System.Buffers.Binary;
using System.Text;

namespace Puppylog.Storage.Embedded.Bytes;

/// <summary>A growing buffer that numbers, strings and bytes are written to. Kept and reused.</summary>
sealed class ByteWriter
{
    byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written behind <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Writes over a byte that was written before.</summary>
    public void Overwrite(int at, byte value) => _buffer[at] = value;

    /// <summary>Room for <paramref name="size"/> bytes; take what was used with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_buffer.Length - Length < size)
        {
            Array.Resize(ref _buffer, checked(Math.Max(Length + size, (int)Math.Min(Array.MaxLength, Math.Max(1 << 10, _buffer.Length * 2L)))));
        }

        return _buffer.AsSpan(Length);
    }

    public void Advance(int size) => Length += size;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    /// <summary>Sets a number that was written before what it tells was known.</summary>
    public void Overwrite(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(offset, 4), value);

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    /// <summary>Seven bits a byte, the lowest first, the high bit set on all but the last (LEB128).</summary>
    public void Varint(ulong value)
    {
        if (value < 0x80 && Length < _buffer.Length)
        {
            _buffer[Length++] = (byte)value;
            return;
        }

        LongVarint(value);
    }

    void LongVarint(ulong value)
    {
        var target = Reserve(10);
        var at = 0;
        while (value >= 0x80)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
        Length += at;
    }

    /// <summary>A signed number, its sign moved to the lowest bit.</summary>
    public void ZigZag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Length, then the bytes.</summary>
    public void Block(ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)bytes.Length);
        Bytes(bytes);
    }

    public void Text(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Varint((ulong)size);
        Encoding.UTF8.GetBytes(text, Reserve(size));
        Length += size;
    }
}
