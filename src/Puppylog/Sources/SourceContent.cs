using Puppylog.Records;

namespace Puppylog.Sources;

/// <summary>One content of a source: of a file, what it holds between two truncations.</summary>
/// <param name="source">As <see cref="SourcePosition.Source"/>; null where nothing can be read a second time.</param>
/// <param name="path">As <see cref="SourcePosition.Path"/>.</param>
/// <param name="generation">As <see cref="SourcePosition.Generation"/>.</param>
/// <param name="head">The content's first bytes; grows as they are read.</param>
/// <param name="readTail">Fills a buffer with the bytes before an offset; false where they cannot be read any more.</param>
sealed class SourceContent(string? source, string path, long generation, ContentHead head, TailReader? readTail = null)
{
    SourcePosition? _fixed;

    public string? Source => source;

    public long Generation => generation;

    /// <summary>Lines that were taken out of the content so far; counted by who takes them.</summary>
    public long LinesTaken { get; set; }

    /// <summary>A content of which nothing is read: its position is the given one.</summary>
    public static SourceContent At(SourcePosition position) =>
        new(position.Source, position.Path, position.Generation, new ContentHead(0)) { _fixed = position };

    /// <summary>The position behind the lines taken; the bytes before it must have been read.</summary>
    public SourcePosition? At(long offset)
    {
        if (source is null || _fixed is not null)
        {
            return _fixed;
        }

        Span<byte> tail = stackalloc byte[(int)Math.Min(offset, Fingerprint.TailLength)];
        var beginning = head.Bytes[..(int)Math.Min(offset, head.Length)];
        if (offset <= beginning.Length)
        {
            beginning[^tail.Length..].CopyTo(tail);
        }
        else if (readTail is null || !readTail(offset, tail))
        {
            tail = [];
        }

        var (length, value) = Fingerprint.Of(beginning, tail, head.Born);
        return new(source, generation, offset, LinesTaken, path, length, value);
    }
}
