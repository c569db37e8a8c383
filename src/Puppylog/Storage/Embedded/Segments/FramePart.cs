namespace Puppylog.Storage.Embedded.Segments;

/// <summary>The records that one commit wrote as one block, wherever compaction has put them.</summary>
/// <param name="Commit">The commit's number.</param>
/// <param name="Ordinal">The block's place among the commit's blocks.</param>
/// <param name="Records">How many they are.</param>
readonly record struct FramePart(long Commit, int Ordinal, int Records)
{
    const int OrdinalBits = 20;

    /// <summary>Grows in the order in which commits, and the blocks of one, were stored.</summary>
    public long Arrival => (Commit << OrdinalBits) | (uint)Math.Min(Ordinal, (1 << OrdinalBits) - 1);
}
