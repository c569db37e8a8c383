namespace Puppylog.Storage.Embedded.Verification;

/// <summary>What sort of thing is damaged; the names are part of <c>store verify -o json</c>.</summary>
enum DamageKind
{
    /// <summary>The catalogue is lost, unreadable, or contradicts itself.</summary>
    Catalogue,

    /// <summary>A segment file that the catalogue names is not there.</summary>
    Segment,

    /// <summary>The first 64 bytes of a segment.</summary>
    Header,

    /// <summary>The header of a block's frame: the block can be read, but a lost catalogue could not be rebuilt with it.</summary>
    Frame,

    /// <summary>A block: some or all of its records cannot be read.</summary>
    Block,

    /// <summary>Bytes in a segment that are no block, or blocks that the catalogue does not know.</summary>
    Unknown,

    /// <summary>The index at the end of a sealed segment; nothing depends on it.</summary>
    Footer,

    /// <summary>A source's position is behind what was stored of it.</summary>
    Position,
}
