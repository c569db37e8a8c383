using System.Buffers;
using Puppylog.Records;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>What a statistic has gathered, per group. One thread at a time.</summary>
abstract class StatsState
{
    /// <summary>How results were estimated, with the error, where some group was too large to be exact; null where none was.</summary>
    public virtual string? Estimate => null;

    /// <summary>Takes rows in.</summary>
    /// <param name="view">The rows' view.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="groups">The group of each of the rows; empty where all are in group 0.</param>
    /// <param name="groupCount">Above every group.</param>
    public abstract void Update(RecordView view, ReadOnlySpan<int> rows, ReadOnlySpan<int> groups, int groupCount);

    /// <summary>Takes over another state of the same statistic.</summary>
    /// <param name="other">Used up.</param>
    /// <param name="groupMap">The group here of each of its groups.</param>
    /// <param name="groupCount">Above every group here.</param>
    public abstract void Merge(StatsState other, ReadOnlySpan<int> groupMap, int groupCount);

    /// <summary>Writes the result of a group below the last <c>groupCount</c>; nothing where there is none. Once per group.</summary>
    public abstract void Write(int group, IBufferWriter<byte> target);
}
