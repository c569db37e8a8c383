namespace Puppylog.Storage.Embedded.Blocks;

/// <param name="Body">The block's bytes: directory and column chunks, as docs/formats/block.md says.</param>
/// <param name="Count">Records.</param>
/// <param name="MinTime">The earliest time, nanoseconds since 1970 UTC.</param>
/// <param name="MaxTime">The latest time.</param>
sealed record EncodedBlock(ReadOnlyMemory<byte> Body, int Count, long MinTime, long MaxTime)
{
    /// <summary>The pooled array that the body lies in. Whoever has the block last may give it back.</summary>
    public byte[]? Buffer { get; init; }

    /// <summary>Columns that need not be decoded; null where none was asked for.</summary>
    public KeptColumns? Kept { get; init; }
}
