namespace Puppylog.Sources;

/// <summary>Whole lines, each ended by a newline but perhaps the last.</summary>
readonly ref struct FramedLines
{
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Bytes of the input that these lines stand for; more than they hold where one was too long.</summary>
    public required long Covered { get; init; }

    /// <summary>Bytes of the last line, its newline not counted, that are missing here because it is too long.</summary>
    public long Left { get; init; }

    /// <summary>True where all bytes are one record, newlines within included.</summary>
    public bool IsOneRecord { get; init; }
}
