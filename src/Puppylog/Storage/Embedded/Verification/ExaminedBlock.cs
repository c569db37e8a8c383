using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Verification;

/// <summary>A block of a segment: as the catalogue records it, as the file has it, and whether it can be read.</summary>
sealed class ExaminedBlock
{
    /// <summary>What the catalogue says; null where it does not know the block.</summary>
    public FrameEntry? Recorded { get; init; }

    /// <summary>The frame in the file; null where its header does not verify.</summary>
    public FoundFrame? Frame { get; init; }

    /// <summary>Set by the check of the body; null before.</summary>
    public IReadOnlyList<BlockFlaw>? Flaws { get; set; }

    /// <summary>Where the block is: the frame's own word, else the catalogue's.</summary>
    public FrameEntry Entry => Frame?.Entry ?? Recorded!.Value;

    /// <summary>The block encoded anew from what is left of it; set by a repair.</summary>
    public byte[]? Salvaged { get; set; }

    public bool IsWhole => Flaws is { Count: 0 };
}
