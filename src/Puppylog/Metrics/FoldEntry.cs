namespace Puppylog.Metrics;

/// <summary>An entry of a section where it lies: a period, a segment and a measure, none of them copied.</summary>
struct FoldEntry
{
    /// <summary>What the measure lies in.</summary>
    public required FoldSection Section;

    /// <summary>The segment's bytes; null for what was counted together.</summary>
    public required byte[]? Named;
    public required int SegmentFrom;
    public required int SegmentLength;

    public required int MeasureFrom;
    public required int MeasureLength;

    /// <summary>The period's place in its chunk.</summary>
    public required int Offset;

    /// <summary>The next entry of the chunk, in the order in which they came; -1 for none.</summary>
    public int NextOfChunk;

    /// <summary>The next one of the same period and segment.</summary>
    public int NextOfCell;

    public readonly ReadOnlySpan<byte> Segment => Named.AsSpan(SegmentFrom, SegmentLength);

    public readonly ReadOnlySpan<byte> Measure => Section.Bytes.AsSpan(MeasureFrom, MeasureLength);
}
