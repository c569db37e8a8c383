using System.Buffers.Binary;
using System.Text;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>Reads what <see cref="FixedWriter"/> wrote and trusts no length: whatever does not fit is a <see cref="FormatException"/>.</summary>
ref struct FixedReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(Take(Int32()));

    /// <summary>A number of entries, each of at least <paramref name="smallest"/> bytes, so that it cannot exceed what is there.</summary>
    public int Count(int smallest)
    {
        var count = Int32();
        return count >= 0 && (long)count * smallest <= _rest.Length ? count : throw new FormatException("a count exceeds the bytes that follow");
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw new FormatException("the bytes end early");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
