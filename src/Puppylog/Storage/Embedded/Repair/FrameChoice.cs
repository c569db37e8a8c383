using Puppylog.Storage.Embedded.Segments;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>Which blocks count where there is no catalogue to say so: the rules of docs/formats/segment.md, "Rebuilding the catalogue".</summary>
sealed class FrameChoice
{
    /// <summary>A crash leaves unfinished what is among the last commits of this many: a group.</summary>
    const int GroupCommits = 64;

    readonly HashSet<(long Commit, int Ordinal)> _stoodFor = [];
    readonly Dictionary<ExaminedBlock, ExaminedSegment> _chosen = [];

    public FrameChoice(IReadOnlyCollection<ExaminedSegment> segments)
    {
        var originals = segments.SelectMany(segment => segment.Blocks).Where(block => block.IsWhole && !block.Frame!.Header.IsCompacted)
            .Select(block => (block.Entry.Commit, block.Entry.Ordinal)).ToHashSet();
        var joined = segments.SelectMany(segment => segment.Blocks.Select(block => (Segment: segment, Block: block)))
            .Where(found => found.Block.Frame!.Header.IsCompacted)
            .OrderByDescending(found => found.Block.IsWhole).ThenByDescending(found => found.Segment.Id);
        foreach (var (segment, block) in joined)
        {
            TakeJoined(segment, block, originals);
        }

        foreach (var lost in segments.SelectMany(segment => segment.Contents!.Frames).Where(frame => frame.IsTombstone))
        {
            StandFor(CommitMoves.Parts(lost));
            Moves.Add(lost);
        }

        TakeCommits(segments);
    }

    /// <summary>The highest number of a commit that counts; 0 where none does.</summary>
    public long LastCommit { get; private set; }

    public CommitMoves Moves { get; } = new();

    /// <summary>The blocks of a segment that count, whole or not.</summary>
    public List<ExaminedBlock> Of(ExaminedSegment segment) => segment.Blocks.FindAll(_chosen.ContainsKey);

    // All parts or none: what compaction has replaced may still lie beside what it has made.
    // A damaged one gives way to the originals where they still are.
    void TakeJoined(ExaminedSegment segment, ExaminedBlock block, HashSet<(long, int)> originals)
    {
        var parts = CommitMoves.Parts(block.Frame!);
        if (parts.Any(part => _stoodFor.Contains((part.Commit, part.Ordinal)) || (!block.IsWhole && originals.Contains((part.Commit, part.Ordinal)))))
        {
            return;
        }

        StandFor(parts);
        Take(segment, block);
    }

    void StandFor(IEnumerable<FramePart> parts)
    {
        foreach (var part in parts)
        {
            _stoodFor.Add((part.Commit, part.Ordinal));
            LastCommit = Math.Max(LastCommit, part.Commit);
        }
    }

    void TakeCommits(IReadOnlyCollection<ExaminedSegment> segments)
    {
        var commits = segments.SelectMany(segment => segment.Blocks.Select(block => (Segment: segment, Block: block)))
            .Where(found => !found.Block.Frame!.Header.IsCompacted)
            .GroupBy(found => found.Block.Entry.Commit)
            .OrderBy(commit => commit.Key)
            .Select(commit => (Number: commit.Key, Frames: commit.ToList()))
            .ToList();
        var complete = commits.Where(commit => IsComplete(commit.Number, commit.Frames.ConvertAll(found => found.Block))).Select(commit => commit.Number).ToHashSet();
        var horizon = Math.Max(LastCommit, complete.Count == 0 ? 0 : complete.Max()) - GroupCommits;
        foreach (var (number, frames) in commits)
        {
            if (!complete.Contains(number) && number >= horizon && !frames.Exists(found => IsPartlyStoodFor(found.Block)))
            {
                continue;
            }

            LastCommit = Math.Max(LastCommit, number);
            foreach (var ordinal in frames.GroupBy(found => found.Block.Entry.Ordinal).Where(ordinal => !_stoodFor.Contains((number, ordinal.Key))))
            {
                // A number is used again only after what was written under it is to be cut off: the later file is right.
                var (segment, block) = ordinal.OrderByDescending(found => found.Block.IsWhole).ThenByDescending(found => found.Segment.Id)
                    .ThenByDescending(found => found.Block.Entry.Offset).First();
                Take(segment, block);
            }
        }
    }

    /// <summary>All frames of the commit are there; that some bodies are damaged shows only that time has passed.</summary>
    bool IsComplete(long number, List<ExaminedBlock> frames)
    {
        var ordinals = frames.Select(frame => frame.Entry.Ordinal).ToHashSet();
        return frames.Exists(frame => Enumerable.Range(0, Math.Min(frame.Frame!.Header.Blocks, 1 << 20))
            .All(ordinal => ordinals.Contains(ordinal) || _stoodFor.Contains((number, ordinal))));
    }

    bool IsPartlyStoodFor(ExaminedBlock block) =>
        Enumerable.Range(0, Math.Min(block.Frame!.Header.Blocks, 1 << 20)).Any(ordinal => _stoodFor.Contains((block.Entry.Commit, ordinal)));

    void Take(ExaminedSegment segment, ExaminedBlock block)
    {
        Moves.Add(block.Frame!);
        _chosen.Add(block, segment);
    }
}
