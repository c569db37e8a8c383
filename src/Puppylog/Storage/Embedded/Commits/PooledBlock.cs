using System.Buffers;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>An encoded block on its way into a segment, in a pooled buffer.</summary>
/// <param name="body">The block's bytes.</param>
/// <param name="records">Records in it.</param>
/// <param name="minTime">The earliest time, nanoseconds since 1970 UTC.</param>
/// <param name="maxTime">The latest time.</param>
/// <param name="buffer">The pooled array to give back; null where the body belongs to somebody else.</param>
sealed class PooledBlock(ReadOnlyMemory<byte> body, int records, long minTime, long maxTime, byte[]? buffer) : IDisposable
{
    byte[]? _buffer = buffer;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public int Records { get; } = records;

    public long MinTime { get; } = minTime;

    public long MaxTime { get; } = maxTime;

    /// <summary>Columns that need not be decoded; null where none was asked for.</summary>
    public KeptColumns? Kept { get; init; }

    /// <summary>Takes over an encoded block with its buffer.</summary>
    public static PooledBlock Of(EncodedBlock block) => new(block.Body, block.Count, block.MinTime, block.MaxTime, block.Buffer) { Kept = block.Kept };

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Kept?.Dispose();
        }
    }
}
