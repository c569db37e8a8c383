using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>What a group of commits adds to the metrics. Counted before the transaction; again within it where the metrics have changed meanwhile.</summary>
sealed class CommitTally(IMetricEngine engine, IBlockCodec codec, IReadOnlyList<EncodedCommit> commits)
{
    public IMetricEngine Engine => engine;

    public long Revision { get; private set; } = -1;

    public byte[] Counts { get; private set; } = [];

    /// <param name="revision">Of the metrics.</param>
    /// <param name="metrics">As of that revision.</param>
    public void Count(long revision, IReadOnlyList<MetricRow> metrics)
    {
        Revision = revision;
        // Opened for each count: a view is used once.
        Counts = metrics.Count == 0 ? [] : engine.Count(metrics, Views());
    }

    List<RecordView> Views()
    {
        var views = new List<RecordView>();
        foreach (var commit in commits)
        {
            foreach (var part in commit.Parts)
            {
                views.Add(codec.Open(new MemoryBlockBytes(part.Block.Body, part.Block.Kept)));
            }
        }

        return views;
    }
}
