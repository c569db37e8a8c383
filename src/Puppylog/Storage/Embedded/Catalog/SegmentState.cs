namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What may still happen to a segment. The numbers are stored.</summary>
enum SegmentState
{
    /// <summary>Blocks are appended.</summary>
    Open = 0,

    /// <summary>Full, or left for newer ones; ends with a footer.</summary>
    Sealed = 1,

    /// <summary>An fsync failed: never written again, its recorded part is readable.</summary>
    Abandoned = 2,

    /// <summary>Shorter than recorded when the store was opened: never written again, the blocks that are there are readable.</summary>
    Damaged = 3,
}
