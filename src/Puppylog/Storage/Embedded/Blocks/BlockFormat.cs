namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Numbers of the block format (docs/formats/block.md).</summary>
static class BlockFormat
{
    /// <summary>"PLGB", read as a little-endian number.</summary>
    public const uint Magic = 0x42474C50;

    public const byte Version = 2;

    /// <summary>The oldest version that is read; its encodings are all among those of the newest.</summary>
    public const byte OldestVersion = 1;

    /// <summary>Magic, version, three reserved bytes, the directory's length and its CRC-32C.</summary>
    public const int HeaderLength = 16;

    /// <summary>No writer makes more; a reader refuses them before it allocates.</summary>
    public const int MaxRecords = 1 << 20;

    public const int MaxColumns = 1 << 16;

    public const int MaxDirectoryLength = 64 << 20;

    /// <summary>The most bytes that one section may unpack to.</summary>
    public const int MaxSectionLength = 512 << 20;

    /// <summary>Values of one overflow column; a batch is full long before.</summary>
    public const int MaxOverflowValues = 1 << 22;

    /// <summary>A dictionary has at most as many values as a 16-bit code can name.</summary>
    public const int MaxDictionary = 1 << 16;
}
