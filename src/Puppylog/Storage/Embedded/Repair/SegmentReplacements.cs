using System.Globalization;
using System.Text;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Recovery;
using Puppylog.Storage.Embedded.Segments;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>
/// Segments that are to go into quarantine, and the new ones that hold what could be read of them. The order is what makes
/// it safe to be interrupted: new files, then the catalogue, then the old files.
/// </summary>
sealed class SegmentReplacements(string directory, EmbeddedStoreOptions options, SegmentRewrite rewrite, long nextId)
{
    readonly List<(ExaminedSegment Segment, string Reason)> _leaving = [];
    long _nextId = nextId;

    public List<SegmentRow> Rows { get; } = [];

    public List<BlockRow> Blocks { get; } = [];

    /// <summary>Of the blocks, those that compaction has made.</summary>
    public List<(FrameEntry Frame, CompactedMetadata Metadata)> Joined { get; } = [];

    public List<string> Steps { get; } = [];

    public IEnumerable<long> Removed => _leaving.Select(leaving => leaving.Segment.Id);

    /// <summary>Bytes of the files that the catalogue will not know until they are in quarantine.</summary>
    public long Bytes => _leaving.Sum(leaving => Length(leaving.Segment));

    /// <summary>Writes what can be read of the blocks that count of a segment into a new one; the old one will go.</summary>
    public void Replace(ExaminedSegment segment, List<ExaminedBlock> counting)
    {
        Salvage(segment, counting.FindAll(block => !block.IsWhole));
        var kept = counting.FindAll(block => block.IsWhole || block.Salvaged is not null);
        var lost = counting.FindAll(block => !block.IsWhole && block.Salvaged is null);
        var text = new StringBuilder(segment.Path).Append(": ");
        if (kept.Count > 0)
        {
            var (row, blocks) = rewrite.Write(segment, kept, lost, _nextId++);
            Rows.Add(row);
            Blocks.AddRange(blocks);
            Joined.AddRange(kept.Where(block => block.Frame is not null).Select(block => (block.Entry, Metadata: CommitMoves.Joined(block.Frame!)))
                .Where(block => block.Metadata is not null).Select(block => (block.Entry, block.Metadata!)));
            text.Append($"kept {Count(kept.Count, "block")} with {Count(Records(kept), "record")}, now in {DataLayout.SegmentFile(row.Id, row.Day)}");
        }
        else
        {
            text.Append("nothing of it is served any more");
        }

        if (kept.FindAll(block => !block.IsWhole) is { Count: > 0 } rescued)
        {
            text.Append($"; {Count(Records(rescued), "record")} without the columns that are damaged");
        }

        if (lost.Count > 0)
        {
            text.Append($"; {Count(Records(lost), "record")} lost");
        }

        Steps.Add(text.ToString());
        Retire(segment, Reason(segment, Records(lost)));
    }

    void Salvage(ExaminedSegment segment, List<ExaminedBlock> damaged)
    {
        if (damaged.Count == 0 || segment.Contents is null)
        {
            return;
        }

        using var file = options.Files.OpenRead(Path.Combine(directory, segment.Path));
        foreach (var block in damaged)
        {
            var entry = block.Entry;
            var isThere = entry.BodyOffset >= 0 && entry.BodyLength > 0 && entry.BodyOffset + entry.BodyLength <= file.Length;
            var body = new byte[isThere ? entry.BodyLength : 0];
            if (isThere && file.Read(entry.BodyOffset, body) == body.Length)
            {
                block.Salvaged = BlockSalvage.TryEncode(body, options.Codec, entry);
            }
        }
    }

    static long Records(List<ExaminedBlock> blocks) => blocks.Sum(block => (long)block.Entry.Records);

    /// <summary>A segment without anything that counts.</summary>
    public void Retire(ExaminedSegment segment, string reason) => _leaving.Add((segment, reason));

    /// <summary>Moves the old files away. The catalogue does not name them any more.</summary>
    public void TakeAway()
    {
        var quarantine = new Quarantine(options.Files, directory, options.Clock);
        foreach (var (segment, reason) in _leaving)
        {
            var path = Path.Combine(directory, segment.Path);
            if (segment.Contents is null)
            {
                quarantine.Remember(path, reason);
            }
            else
            {
                quarantine.Take(path, reason);
            }
        }
    }

    long Length(ExaminedSegment segment) =>
        segment.Contents is null ? 0 : options.Files.Length(Path.Combine(directory, segment.Path));

    static string Reason(ExaminedSegment segment, long lost)
    {
        var shown = segment.Damage.Take(20).Select(damage => string.Create(CultureInfo.InvariantCulture, $"\n  {damage.Reason} (byte {damage.Offset}, commit {damage.Commit})"));
        var more = segment.Damage.Count > 20 ? $"\n  and {segment.Damage.Count - 20} more" : "";
        return string.Create(CultureInfo.InvariantCulture, $"store verify --repair found it damaged; {Count(lost, "record")} lost{string.Concat(shown)}{more}");
    }

    public static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
