using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Commits;

static class CommitGrouping
{
    /// <summary>Blocks, which are in the order of commits, by commit.</summary>
    public static List<CommittedBlocks> ByCommit(IReadOnlyList<(long Commit, RecordBlock Block)> blocks)
    {
        var commits = new List<CommittedBlocks>();
        for (var i = 0; i < blocks.Count;)
        {
            var first = i;
            while (i < blocks.Count && blocks[i].Commit == blocks[first].Commit)
            {
                i++;
            }

            commits.Add(new(blocks[first].Commit, [.. blocks.Skip(first).Take(i - first).Select(block => block.Block)]));
        }

        return commits;
    }
}
