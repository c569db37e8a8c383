namespace Puppylog.Storage.Embedded.Catalog;

/// <param name="Key">A client's idempotency key.</param>
/// <param name="Commit">The commit that stored it.</param>
/// <param name="Records">Records of that commit.</param>
readonly record struct KeyRow(string Key, long Commit, long Records);
