using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Buffers that one encoder keeps from column to column and from block to block.</summary>
sealed class EncoderScratch
{
    long[] _numbers = [];

    public ValueDictionary Dictionary { get; } = new();

    public IntegerScratch Integers { get; } = new();

    /// <summary>Values gathered one behind the other: after a text was written, what it consists of.</summary>
    public ByteWriter Gathered { get; } = new();

    public Span<long> Numbers(int count)
    {
        if (_numbers.Length < count)
        {
            _numbers = new long[Math.Max(count, 4096)];
        }

        return _numbers.AsSpan(0, count);
    }
}
