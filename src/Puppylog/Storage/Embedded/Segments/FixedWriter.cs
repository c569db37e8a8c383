using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>Writes numbers of fixed width, little-endian, and length-prefixed UTF-8 text: what lies between blocks, and messages.</summary>
readonly struct FixedWriter(IBufferWriter<byte> target)
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
