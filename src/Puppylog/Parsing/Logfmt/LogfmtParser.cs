using Puppylog.Parsing.Json;
using Puppylog.Parsing.Multiline;
using Puppylog.Records;

namespace Puppylog.Parsing.Logfmt;

/// <summary>
/// <c>time=2026-11-21T14:00:05Z level=info msg="a b" took=1.5s</c>: pairs with a space between them, values with spaces in
/// quotes, escaped as in JSON. Words that are no pair stay in the line. Roles of keys, levels and templates are
/// those of JSON lines.
/// </summary>
sealed class LogfmtParser : LineParser
{
    const int MaxKnownPaths = 4096;
    const int MaxLearned = 255;

    static readonly RecordShape LogfmtShape = new("logfmt", [], []);

    JsonRecord? _record;
    JsonPaths _paths = new();
    JsonTree _tree = new(isLogfmt: true);
    JsonPath _beforeFirst = NoPath();
    RecordBatch _batch = null!;
    int _learned;

    public override string Format => Shape.Format;

    public override RecordShape Shape => LogfmtShape;

    /// <summary>The line that was parsed last has two pairs at least, and nothing but pairs.</summary>
    public bool LastIsSure { get; private set; }

    public override LineJoin? CreateJoin() => new TraceJoin();

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _record ??= new(ReplaceTimes);
        _record.Bind(batch);
        _learned = 0;
    }

    static JsonPath NoPath() => new([], "", JsonRole.None, 0);

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var record = _record!;
        var text = _batch.Value(line);
        record.Begin(line, ReadTime);
        if (_tree.Follow(text, record) is { } known)
        {
            reason = null;
            LastIsSure = record.Fields.Length > 1;
            record.Store(known.Templates);
            return true;
        }

        Forget();
        record.Begin(line, ReadTime);
        reason = ReadPairs(text, record);
        if (reason is not null)
        {
            return false;
        }

        record.Store(record.IsWhole && _learned++ < MaxLearned ? _tree.Learn(text, record)?.Templates : null);
        return true;
    }

    /// <summary>Begins anew where a source goes on inventing names: remembering them is of no use.</summary>
    void Forget()
    {
        if (_paths.Count > MaxKnownPaths || (_tree.IsFull && _learned == 0))
        {
            _paths = new();
            _tree = new(isLogfmt: true);
            _beforeFirst = NoPath();
        }
    }

    string? ReadPairs(ReadOnlySpan<byte> text, JsonRecord record)
    {
        var last = _beforeFirst;
        int pairs = 0, words = 0;
        for (var at = JsonText.SkipWhite(text, 0); at < text.Length; at = JsonText.SkipWhite(text, at))
        {
            var key = text.Slice(at, LogfmtText.KeyLength(text[at..]));
            if (key.IsEmpty)
            {
                return "expected a key and = between the pairs";
            }

            at += key.Length;
            if (at == text.Length || text[at] != '=')
            {
                if (at < text.Length && text[at] == '"')
                {
                    return "expected = after a key";
                }

                // What is no pair cannot be told from other words by what stands around it.
                words++;
                record.Skip();
                continue;
            }

            at++;
            pairs++;
            var path = Path(ref last, key);
            if (at < text.Length && text[at] == '"')
            {
                if (!JsonText.TryFindEnd(text, at + 1, out var end, out var isEscaped))
                {
                    return "a quoted value is not closed or holds a wrong escape";
                }

                record.Add(path, at + 1, end, 1, ValueKind.Text, isEscaped);
                at = end + 1;
                if (at < text.Length && text[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                {
                    return "expected a space after a quoted value";
                }

                continue;
            }

            if (!LogfmtText.TryFindEnd(text, at, out var stop))
            {
                return "a quote stands in a value that is not quoted";
            }

            record.Add(path, at, stop, 1, LogfmtText.KindOf(text[at..stop]), isEscaped: false);
            at = stop;
        }

        LastIsSure = pairs > 1 && words == 0;
        return pairs == 0 ? "expected pairs like level=info" : null;
    }

    JsonPath Path(ref JsonPath last, ReadOnlySpan<byte> key)
    {
        var path = last.Next;
        if (path is null || !path.Bytes.AsSpan().SequenceEqual(key))
        {
            path = last.Next = _paths.Find(key, isTop: true);
        }

        return last = path;
    }
}
