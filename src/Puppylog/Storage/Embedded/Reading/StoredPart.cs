using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>What one commit wrote as a block, where it was known from the first that it lies within a larger one.</summary>
sealed class StoredPart(BlockSource source, FramePart part, BlockPlace place) : RecordBlock
{
    public override int Count => part.Records;

    // Those of the whole: nobody needs to open it to know that the part is within them.
    public override long MinTime => place.Block.Frame.MinTime;

    public override long MaxTime => place.Block.Frame.MaxTime;

    public override long Arrival => part.Arrival;

    public override RecordView Open()
    {
        try
        {
            return source.Open(place, part.Records);
        }
        catch (SegmentGoneException gone)
        {
            return source.OpenMoved(part, place.Block.Segment, gone);
        }
    }
}
