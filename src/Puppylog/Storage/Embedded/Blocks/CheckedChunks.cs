namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Which parts of a block have been read whole and matched their checksum; shared by all views of the block.</summary>
sealed class CheckedChunks
{
    volatile bool _words;

    /// <summary>True where the word filter was: a look-up then reads the 32 bytes that it needs and no more.</summary>
    public bool Words
    {
        get => _words;
        set => _words = value;
    }
}
