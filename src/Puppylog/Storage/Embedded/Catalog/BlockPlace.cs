namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Where records lie that once were a block of their own.</summary>
/// <param name="Block">The block that holds them now.</param>
/// <param name="Start">The row of the first of them.</param>
readonly record struct BlockPlace(BlockRow Block, int Start);
