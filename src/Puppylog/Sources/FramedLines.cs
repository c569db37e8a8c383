namespace Puppylog.Sources;

/// <summary>Whole lines, each ended by a newline but perhaps the last; UTF-8 where the input tells its encoding.</summary>
readonly ref struct FramedLines
{
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Bytes of the input that these lines stand for; other than they hold where one was too long or they were decoded.</summary>
    public required long Covered { get; init; }

    /// <summary>Bytes of the input before the first line that are no text: a byte order mark.</summary>
    public int Lead { get; init; }

    /// <summary>True where the lines were decoded from UTF-16.</summary>
    public bool IsDecoded { get; init; }

    /// <summary>Halves of characters that became U+FFFD.</summary>
    public long Replaced { get; init; }

    /// <summary>Bytes of the last line, its newline not counted, that are missing here because it is too long.</summary>
    public long Left { get; init; }

    /// <summary>True where all bytes are one record, newlines within included.</summary>
    public bool IsOneRecord { get; init; }

    /// <summary>Bytes of the input that the first lines stand for.</summary>
    /// <param name="length">Bytes of them here.</param>
    public long CoveredBy(int length) => length == Bytes.Length ? Covered : Lead + InputLength(Bytes[..length], IsDecoded);

    /// <summary>Bytes of the input that whole characters stand for.</summary>
    public static long InputLength(ReadOnlySpan<byte> text, bool isDecoded) => isDecoded ? Utf16Decoder.InputLength(text) : text.Length;
}
