using System.Buffers.Binary;

namespace Puppylog.Intake;

/// <summary>
/// The fields of a protobuf message, one after the other (https://protobuf.dev/programming-guides/encoding/). Nothing is
/// allocated, and no length is believed that the bytes do not have.
/// </summary>
ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    const int Varint = 0;
    const int Fixed64 = 1;
    const int Delimited = 2;
    const int Fixed32 = 5;

    ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>Its value where it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value where it has a length: text, bytes, a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>True where it has a length.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="IntakeException">These bytes are no message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var key = ReadVarint();
        Field = key >> 3 is > 0 and <= 0x1FFF_FFFF and var field ? (int)field : throw Broken();
        HasBytes = false;
        Bytes = default;
        switch ((int)(key & 7))
        {
            case Varint:
                Number = ReadVarint();
                return true;
            case Fixed64:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                return true;
            case Fixed32:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                return true;
            case Delimited:
                Bytes = Take(ReadVarint());
                HasBytes = true;
                Number = 0;
                return true;
            default:
                throw Broken();
        }
    }

    static IntakeException Broken() => new("the body is no protobuf message of this kind, or cut off; nothing of it is stored");

    ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Broken();
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Broken();
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
