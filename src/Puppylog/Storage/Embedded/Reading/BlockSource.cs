using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>Opens blocks where they are, or where compaction has put them. Thread-safe.</summary>
sealed class BlockSource(SegmentFiles files, IBlockCodec codec, CatalogReader catalog)
{
    /// <summary>How often a block may move between asking where it is and opening it.</summary>
    const int Attempts = 5;

    /// <exception cref="SegmentGoneException">Its file is not there any more.</exception>
    /// <exception cref="CorruptDataException">It does not verify, or is another block.</exception>
    public RecordView Open(BlockRow row)
    {
        var view = codec.Open(new SegmentBytes(files, row));
        // A sound block at another one's place is damage too: a disk can put what was written elsewhere.
        return view.Count == row.Frame.Records && view.MinTime == row.Frame.MinTime && view.MaxTime == row.Frame.MaxTime
            ? view
            : throw new CorruptDataException("another block lies there than the one that was written");
    }

    /// <summary>Some records of a block.</summary>
    /// <exception cref="SegmentGoneException">Its file is not there any more.</exception>
    public RecordView Open(BlockPlace place, int records)
    {
        var view = Open(place.Block);
        if (place.Start == 0 && records == view.Count)
        {
            return view;
        }

        if (place.Start < 0 || records < 0 || records > view.Count - place.Start)
        {
            throw new CorruptDataException("a block has other records than were put into it");
        }

        var batch = new RecordBatch(codec.ShapeOf(view));
        codec.CopyTo(batch, view, place.Start, records);
        return new BatchView(batch);
    }

    /// <summary>When the records of a block were stored; empty where that was at one time.</summary>
    public IReadOnlyList<ArrivedRows> ReadArrivals(BlockRow row) =>
        row.IsJoined ? catalog.PartsOf(Whole(row)).ConvertAll(part => new ArrivedRows(part.Records, part.Arrival)) : [];

    /// <summary>Opens a block that is not where it was; one that retention has dropped meanwhile is empty.</summary>
    public RecordView OpenMoved(BlockRow row, SegmentGoneException gone) =>
        OpenMoved(Whole(row), row.Segment, gone);

    public static FramePart Whole(BlockRow row) => new(row.Frame.Commit, row.Frame.Ordinal, row.Frame.Records);

    /// <param name="part">The first of the parts that are wanted; its records are those of all of them.</param>
    /// <param name="segment">Where it was.</param>
    /// <param name="gone">That its file is not there.</param>
    public RecordView OpenMoved(FramePart part, long segment, SegmentGoneException gone)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (catalog.Locate(part.Commit, part.Ordinal) is not { } place)
            {
                return new BatchView(new RecordBatch(RecordShape.Plain));
            }

            if (place.Block.Segment == segment)
            {
                throw gone;
            }

            try
            {
                return Open(place, part.Records);
            }
            catch (SegmentGoneException again)
            {
                (segment, gone) = (place.Block.Segment, again);
            }
        }

        throw gone;
    }
}
