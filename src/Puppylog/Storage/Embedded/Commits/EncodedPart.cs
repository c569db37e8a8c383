namespace Puppylog.Storage.Embedded.Commits;

/// <param name="Day">Days since 1970 of all records; null where the block goes into a segment of many days.</param>
/// <param name="Block">The block.</param>
readonly record struct EncodedPart(int? Day, PooledBlock Block);
