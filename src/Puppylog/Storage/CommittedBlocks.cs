using Puppylog.Records;

namespace Puppylog.Storage;

/// <param name="Commit">The number of the commit.</param>
/// <param name="Blocks">Its blocks, in the order in which they were written.</param>
sealed record CommittedBlocks(long Commit, IReadOnlyList<RecordBlock> Blocks);
