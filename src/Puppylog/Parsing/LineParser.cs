using Puppylog.Parsing.Multiline;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// Turns lines into records of one shape. Not thread-safe; keeps no state between lines but what <see cref="Bind"/> sets.
/// </summary>
abstract class LineParser
{
    /// <summary>The name of the format, as <c>--format</c> takes it.</summary>
    public abstract string Format { get; }

    public abstract RecordShape Shape { get; }

    public virtual InvalidLines DefaultInvalid => InvalidLines.Keep;

    /// <summary>
    /// How lines of a stream of this format are joined to records by default; null where each is one. A new one per stream; it
    /// may share room with the parser's others, and is used by the same thread.
    /// </summary>
    public virtual LineJoin? CreateJoin() => null;

    /// <summary>True where a stream's lines tell how its next ones are read: then it has a parser of its own.</summary>
    public virtual bool LearnsStream => false;

    /// <summary>When the lines that are parsed next were read: nanoseconds since 1970, UTC. The time of lines that carry none.</summary>
    public long ReadTime { get; set; }

    /// <summary>Every record gets <see cref="ReadTime"/> as its time (<c>--now</c>); the line stays as it is.</summary>
    public bool ReplaceTimes { get; init; }

    /// <summary>Fields so far that have no value under their name, because the name is longer than 1,024 bytes.</summary>
    public long Unnamed { get; protected set; }

    /// <summary>Sets the batch that records are added to and looks up its columns. The batch has this parser's shape.</summary>
    public abstract void Bind(RecordBatch batch);

    /// <summary>
    /// Parses a line whose bytes are in the bound batch and adds its record. False, with the reason and nothing added,
    /// where it does not match. Never throws, whatever the bytes.
    /// </summary>
    public abstract bool TryParse(ByteSpan line, out string? reason);
}
