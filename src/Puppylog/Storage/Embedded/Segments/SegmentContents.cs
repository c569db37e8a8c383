namespace Puppylog.Storage.Embedded.Segments;

/// <summary>What a segment file holds by its own account.</summary>
/// <param name="Header">Null where the first 64 bytes do not verify.</param>
/// <param name="Frames">Frames whose headers verify, in the order of the file.</param>
/// <param name="Gaps">Ranges between header, frames and footer that are none of these.</param>
/// <param name="Footer">The index at the end; null where there is none that verifies.</param>
/// <param name="End">Where the last frame or gap ends and the footer, if any, begins.</param>
sealed record SegmentContents(
    SegmentHeader? Header, IReadOnlyList<FoundFrame> Frames, IReadOnlyList<(long Start, long End)> Gaps, FrameEntry[]? Footer, long End);
