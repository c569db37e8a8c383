namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>
/// A set of words that answers "certainly not" or "perhaps": a split-block Bloom filter, as the Apache Parquet format
/// specifies it (parquet-format, BloomFilter.md), of a power of two of 32-byte blocks.
/// </summary>
static class WordFilter
{
    public const int BlockBytes = 32;

    public static ReadOnlySpan<uint> Salts =>
        [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    public static bool MayContain(ReadOnlySpan<byte> filter, ulong hash)
    {
        if (filter.Length < BlockBytes)
        {
            return false;
        }

        var block = filter.Slice(BlockOf(hash, filter.Length / BlockBytes) * BlockBytes, BlockBytes);
        for (var i = 0; i < Salts.Length; i++)
        {
            var bit = (int)(((uint)hash * Salts[i]) >> 27);
            if ((block[(i * 4) + (bit >> 3)] >> (bit & 7) & 1) == 0)
            {
                return false;
            }
        }

        return true;
    }

    public static int BlockOf(ulong hash, int blocks) => (int)(((hash >> 32) * (ulong)blocks) >> 32);
}
