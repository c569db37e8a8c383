namespace Puppylog.Storage.Embedded.Status;

/// <param name="Name">The field; <c>words</c> is the filter of words.</param>
/// <param name="Bytes">What it takes in all blocks.</param>
/// <param name="Blocks">Blocks that have it.</param>
readonly record struct ColumnSize(string Name, long Bytes, long Blocks);
