namespace Puppylog.Storage.Embedded.Verification;

/// <param name="Column">The column that does not verify; null for the whole block.</param>
/// <param name="Offset">Where the bytes begin within the block's body.</param>
/// <param name="Length">How many.</param>
/// <param name="Reason">What is wrong with them.</param>
readonly record struct BlockFlaw(string? Column, int Offset, int Length, string Reason);
