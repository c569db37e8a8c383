using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>Every record has the same value: kind, bytes.</summary>
static class ConstantEncoding
{
    public static void Write(ByteWriter target, ReadOnlySpan<byte> value, byte kind)
    {
        target.Byte(kind);
        target.Block(value);
    }

    public static ConstantVector Read(ref ByteReader source, int count)
    {
        var kind = (ValueKind)source.Byte();
        return new(count, source.Block().ToArray(), kind);
    }
}
