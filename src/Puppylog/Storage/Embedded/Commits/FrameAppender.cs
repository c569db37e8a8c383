using System.Buffers;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>Appends the blocks of commits to the segments of their days, each behind its frame header.</summary>
sealed class FrameAppender(SegmentSet segments)
{
    readonly ArrayBufferWriter<byte> _metadata = new();

    /// <summary>Returns where the blocks are, in the order of commits; nothing is synced.</summary>
    public List<BlockRow> Append(CommitPlan plan)
    {
        var blocks = new List<BlockRow>();
        foreach (var (number, commit) in plan.Writes)
        {
            for (var ordinal = 0; ordinal < commit.Parts.Count; ordinal++)
            {
                blocks.Add(Append(number, commit, ordinal));
            }
        }

        return blocks;
    }

    BlockRow Append(long number, EncodedCommit commit, int ordinal)
    {
        var (day, block) = commit.Parts[ordinal];
        var segment = segments.Take(day);
        _metadata.ResetWrittenCount();
        if (ordinal == 0)
        {
            CommitMetadata.Write(_metadata, commit.Positions, commit.RetryKey is null ? commit.Keys : [.. commit.Keys, commit.RetryKey]);
        }

        var header = new FrameHeader(
            segment.Id, number, ordinal, commit.Parts.Count, _metadata.WrittenCount, block.Body.Length, block.Records, block.MinTime,
            block.MaxTime);
        var head = new byte[FrameHeader.Size + _metadata.WrittenCount];
        _metadata.WrittenSpan.CopyTo(head.AsSpan(FrameHeader.Size));
        header.Write(head, _metadata.WrittenSpan);
        var frame = new FrameEntry(
            segment.Length, segment.Length + head.Length, block.Body.Length, number, ordinal, block.Records, block.MinTime, block.MaxTime);
        segments.Append(segment, [head, block.Body]);
        segment.Blocks++;
        return new(segment.Id, day, frame);
    }
}
