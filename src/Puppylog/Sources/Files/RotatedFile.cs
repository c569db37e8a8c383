using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>A file that holds, or held, what was read under another name.</summary>
/// <param name="Continues">How far its content was read when another file held it; null where it has its own position, or is new.</param>
sealed record RotatedFile(string Path, FileStatus Status, SourcePosition? Continues = null)
{
    public bool IsCompressed => ContentProbe.IsCompressed(Path);

    /// <summary>True for a file that nobody has under its own inode to write to.</summary>
    public bool IsComplete => IsCompressed || Continues is not null;

    /// <summary>Bytes that it holds, uncompressed, and then modulo 2^32; null where that cannot be read.</summary>
    public long? Length
    {
        get
        {
            try
            {
                return IsCompressed ? CompressedFile.UncompressedLength(Path) : Status.Size;
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>True where more than a position covers is in it, or may be.</summary>
    public bool HasMoreThan(SourcePosition position) =>
        IsCompressed ? Length != (uint)position.Offset : Status.Size > position.Offset;
}
