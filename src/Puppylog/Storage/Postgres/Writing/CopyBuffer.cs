using System.Buffers;
using System.Buffers.Binary;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>Bytes of COPY's binary format as they are made; handed on a piece at a time. One thread at a time.</summary>
/// <remarks>PostgreSQL's documentation, COPY, "Binary Format": big-endian, each value behind its length, -1 for null.</remarks>
sealed class CopyBuffer : IDisposable
{
    /// <summary>From so many bytes on it is worth sending.</summary>
    public const int FullLength = 128 << 10;

    byte[] _bytes = ArrayPool<byte>.Shared.Rent(2 * FullLength);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > 4 << 20)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(2 * FullLength);
        }
    }

    /// <summary>Takes back everything behind a length.</summary>
    public void Cut(int length) => Length = length;

    /// <summary>Room for so many bytes more; taken with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_bytes.Length * 2, Length + size)));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int size) => Length += size;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);
        Length += 2;
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);
        Length += 4;
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);
        Length += 8;
    }

    public void Null() => Int32(-1);

    /// <summary>A length and the value.</summary>
    public void Int16Field(short value)
    {
        Int32(2);
        Int16(value);
    }

    public void Int32Field(int value)
    {
        Int32(4);
        Int32(value);
    }

    public void Int64Field(long value)
    {
        Int32(8);
        Int64(value);
    }

    public void DoubleField(double value)
    {
        Int32(8);
        BinaryPrimitives.WriteDoubleBigEndian(Reserve(8), value);
        Length += 8;
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void BytesField(ReadOnlySpan<byte> bytes)
    {
        var target = Reserve(4 + bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(target, bytes.Length);
        bytes.CopyTo(target[4..]);
        Length += 4 + bytes.Length;
    }

    /// <summary>Leaves room for a length, to be set with <see cref="EndField"/>.</summary>
    public int BeginField()
    {
        var at = Length;
        Int32(0);
        return at;
    }

    public void EndField(int at) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(at), Length - at - 4);

    /// <summary>The signature, flags and the length of the header's extension: the beginning of the data.</summary>
    public void Header()
    {
        Raw("PGCOPY\n"u8);
        Byte(0xFF);
        Raw("\r\n\0"u8);
        Int32(0);
        Int32(0);
    }

    public void Trailer() => Int16(-1);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
