using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Patterns;
using Puppylog.Records;

namespace Puppylog.Parsing.Postgres;

/// <summary>PostgreSQL's log on stderr: messages, and what is said more of them in lines of their own, as fields.</summary>
sealed class PostgresParser(PatternList list) : PatternParser("postgresql", list)
{
    public override LineJoin? CreateJoin() => base.CreateJoin() is { } lines ? new PostgresJoin(lines) : null;

    protected override int OwnLength(ReadOnlySpan<byte> text)
    {
        var line = text.IndexOf((byte)'\n');
        var process = line < 0 ? default : PostgresPart.ProcessOf(text[..line]);
        return process.IsEmpty ? text.Length : NextPart(text, line + 1, process, out _) - 1;
    }

    protected override void AddFurther(RecordBatch batch, int row, ByteSpan line, int from)
    {
        var text = batch.Value(line);
        text = text is [.., (byte)'\r'] ? text[..^1] : text;
        var process = PostgresPart.ProcessOf(text);
        for (var at = NextPart(text, from + 1, process, out var part); at <= text.Length;)
        {
            var start = at + part.Text;
            var field = part.Field;
            var end = text[start..].IndexOf((byte)'\n') is >= 0 and var newline ? start + newline : text.Length;
            at = end == text.Length ? text.Length + 1 : NextPart(text, end + 1, process, out part);
            var value = text[start..(at - 1)].TrimEnd((byte)'\r');
            batch.Column(field).Set(row, new(line.Offset + start, value.Length));
        }
    }

    /// <summary>Where the next line that is a part begins, from a line's beginning on; one behind the text's end where there is none.</summary>
    static int NextPart(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> process, out PostgresPart part)
    {
        while (true)
        {
            var length = text[at..].IndexOf((byte)'\n');
            var line = length < 0 ? text[at..] : text.Slice(at, length);
            if (PostgresPart.TryRead(line, out part) && PostgresPart.ProcessOf(line).SequenceEqual(process))
            {
                return at;
            }

            if (length < 0)
            {
                return text.Length + 1;
            }

            at += length + 1;
        }
    }
}
