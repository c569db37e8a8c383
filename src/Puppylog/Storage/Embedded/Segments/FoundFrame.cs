namespace Puppylog.Storage.Embedded.Segments;

/// <summary>A frame whose header verifies, found in a segment file without the help of the catalogue.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Header">Its header.</param>
/// <param name="Metadata">The bytes between header and body.</param>
sealed record FoundFrame(long Offset, FrameHeader Header, byte[] Metadata)
{
    public long BodyOffset => Offset + FrameHeader.Size + Header.MetadataLength;

    /// <summary>True where it only says that blocks are lost: it has no body.</summary>
    public bool IsTombstone => Header.BodyLength == 0;

    public long End => Offset + Header.FrameLength;

    public FrameEntry Entry => new(
        Offset, BodyOffset, Header.BodyLength, Header.Commit, Header.Ordinal, Header.Records, Header.MinTime, Header.MaxTime);
}
