using System.Globalization;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Verification;

/// <summary>Holds a segment file's structure against the catalogue's rows. Bodies are looked at later, in parallel.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="options">The files and the block format.</param>
/// <param name="store">The store's id; null where it is not known.</param>
sealed class SegmentExaminer(string directory, EmbeddedStoreOptions options, Guid? store)
{
    /// <param name="id">The segment's number.</param>
    /// <param name="day">Its day by the catalogue, else by its folder.</param>
    /// <param name="row">What the catalogue says; null where it does not know it.</param>
    /// <param name="recorded">The blocks that the catalogue has in it.</param>
    public ExaminedSegment Examine(long id, int? day, SegmentRow? row, IReadOnlyList<FrameEntry> recorded)
    {
        var path = DataLayout.SegmentFile(id, day);
        StoreFile file;
        try
        {
            file = options.Files.OpenRead(Path.Combine(directory, path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unread(id, day, row, path, recorded, "the segment is not there");
        }

        using (file)
        {
            try
            {
                return Examine(file, id, day, row, path, recorded);
            }
            catch (IOException e)
            {
                return Unread(id, day, row, path, recorded, $"the segment cannot be read: {e.Message}");
            }
        }
    }

    ExaminedSegment Examine(StoreFile file, long id, int? day, SegmentRow? row, string path, IReadOnlyList<FrameEntry> recorded)
    {
        var length = row?.Length ?? file.Length;
        var contents = new SegmentWalk(file, id, length, frame => IsWhole(file, frame)).Run();
        var segment = new ExaminedSegment { Id = id, Day = day, Path = path, Row = row, Contents = contents };
        MatchBlocks(segment, recorded);
        CheckHeader(segment);
        CheckLength(segment, file.Length);
        CheckGaps(segment);
        CheckFooter(segment);
        return segment;
    }

    static ExaminedSegment Unread(long id, int? day, SegmentRow? row, string path, IReadOnlyList<FrameEntry> recorded, string reason)
    {
        var segment = new ExaminedSegment { Id = id, Day = day, Path = path, Row = row };
        segment.Damage.Add(new(DamageKind.Segment, path, reason)
        {
            Records = recorded.Sum(block => (long)block.Records),
            MinTime = recorded.Count == 0 ? null : recorded.Min(block => block.MinTime),
            MaxTime = recorded.Count == 0 ? null : recorded.Max(block => block.MaxTime),
        });
        foreach (var block in recorded)
        {
            segment.Blocks.Add(new ExaminedBlock { Recorded = block, Flaws = [new(null, 0, block.BodyLength, reason)] });
        }

        return segment;
    }

    bool IsWhole(StoreFile file, FoundFrame frame)
    {
        if (frame.IsTombstone)
        {
            return true;
        }

        var body = new byte[frame.Header.BodyLength];
        return file.Read(frame.BodyOffset, body) == body.Length && BlockCheck.Run(body, options.Codec, frame.Entry).Count == 0;
    }

    static void MatchBlocks(ExaminedSegment segment, IReadOnlyList<FrameEntry> recorded)
    {
        var frames = segment.Contents!.Frames;
        var byOffset = frames.ToDictionary(frame => frame.Offset);
        var byName = frames.GroupBy(frame => (frame.Header.Commit, frame.Header.Ordinal)).ToDictionary(group => group.Key, group => group.First());
        var known = new HashSet<FoundFrame>();
        foreach (var block in recorded)
        {
            if (!byOffset.TryGetValue(block.Offset, out var frame) || (frame.Header.Commit, frame.Header.Ordinal) != (block.Commit, block.Ordinal))
            {
                frame = byName.GetValueOrDefault((block.Commit, block.Ordinal));
            }

            segment.Blocks.Add(new ExaminedBlock { Recorded = block, Frame = frame });
            if (frame is null)
            {
                segment.Damage.Add(OfBlock(DamageKind.Frame, segment.Path, block, "the header of the block's frame does not verify") with
                {
                    Offset = block.Offset,
                    Length = block.BodyOffset - block.Offset,
                });
                continue;
            }

            known.Add(frame);
            if (frame.Entry != block)
            {
                segment.Damage.Add(OfBlock(DamageKind.Block, segment.Path, block, Differs(frame.Entry, block)) with { Offset = block.Offset });
            }
        }

        foreach (var frame in frames.Where(frame => !frame.IsTombstone && !known.Contains(frame)))
        {
            segment.Blocks.Add(new ExaminedBlock { Frame = frame });
            if (segment.Row is not null)
            {
                segment.Damage.Add(OfBlock(DamageKind.Unknown, segment.Path, frame.Entry, "a block that the catalogue does not know") with
                {
                    Offset = frame.Offset,
                    Length = frame.Header.FrameLength,
                });
            }
        }
    }

    static string Differs(FrameEntry found, FrameEntry recorded) => found.Offset != recorded.Offset
        ? string.Create(CultureInfo.InvariantCulture, $"the block is not where the catalogue says, but at byte {found.Offset}")
        : "the catalogue says other lengths, records or times of the block than its frame";

    public static Damage OfBlock(DamageKind kind, string path, FrameEntry block, string reason) => new(kind, path, reason)
    {
        Commit = block.Commit,
        Ordinal = block.Ordinal,
        Records = block.Records,
        MinTime = block.MinTime,
        MaxTime = block.MaxTime,
    };

    void CheckHeader(ExaminedSegment segment)
    {
        var header = segment.Contents!.Header;
        var reason = header is not { } read ? "the segment's header does not verify"
            : read.Id != segment.Id || read.Day != segment.Day ? "the segment's header is of another segment"
            : store is { } id && read.Store != id ? "the segment is of another store"
            : null;
        if (reason is not null)
        {
            segment.Damage.Add(new(DamageKind.Header, segment.Path, reason) { Offset = 0, Length = SegmentHeader.Size });
        }
    }

    static void CheckLength(ExaminedSegment segment, long length)
    {
        if (segment.Row is { } row && length < row.Length)
        {
            segment.Damage.Add(new(DamageKind.Unknown, segment.Path, $"the file ends {row.Length - length} bytes too early")
            {
                Offset = length,
                Length = row.Length - length,
            });
        }
    }

    static void CheckGaps(ExaminedSegment segment)
    {
        var (contents, row) = (segment.Contents!, segment.Row);
        foreach (var (start, end) in contents.Gaps)
        {
            // Where a block is said to lie, the block tells.
            var isBlock = segment.Blocks.Exists(block => block.Recorded is { } place && place.Offset < end && place.BodyOffset + place.BodyLength > start);
            var isFooter = row?.State == SegmentState.Sealed && contents.Footer is null && end == contents.End;
            if (!isBlock && !isFooter)
            {
                segment.Damage.Add(new(DamageKind.Unknown, segment.Path, "bytes that are no block") { Offset = start, Length = end - start });
            }
        }
    }

    static void CheckFooter(ExaminedSegment segment)
    {
        var (contents, row) = (segment.Contents!, segment.Row);
        var reason = contents.Footer is { } footer
            ? footer.ToHashSet().SetEquals(contents.Frames.Where(frame => !frame.IsTombstone).Select(frame => frame.Entry)) ? null : "the index of the segment does not name the blocks that are there"
            : row?.State == SegmentState.Sealed ? "the index at the end of the segment does not verify" : null;
        if (reason is not null)
        {
            segment.Damage.Add(new(DamageKind.Footer, segment.Path, reason) { Offset = contents.End });
        }
    }
}
