using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>Writes little-endian numbers and length-prefixed UTF-8 text.</summary>
readonly struct ByteWriter(IBufferWriter<byte> target)
{
    public void Byte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), value);
        target.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(8), value);
        target.Advance(8);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, target.GetSpan(length));
        target.Advance(length);
    }

    public void Bytes(ReadOnlySpan<byte> value) => target.Write(value);
}
