using Puppylog.Parsing.Multiline;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// One JSON object a line. Nested objects are flattened with dots; arrays and empty objects stay JSON text, numbers keep
/// their text, a null is an absent field. The fields that hold time, message and level (<see cref="JsonRoles"/>) become
/// <c>_time</c>, <c>_msg</c> and <c>level</c> and are not stored under their own names as well. The line's template is
/// learned from its form (<see cref="JsonTree"/>).
/// </summary>
sealed class JsonLineParser : LineParser
{
    /// <summary>Longer flattened names stay in the line only.</summary>
    const int MaxNameBytes = 1024;

    const int MaxKnownPaths = 4096;

    /// <summary>Forms that are learned from one batch, which can name no more; a source that goes on inventing names is not worth it.</summary>
    const int MaxLearned = 255;

    static readonly RecordShape JsonShape = new("json", [], []);

    readonly byte[] _path = new byte[MaxNameBytes];
    JsonRecord? _record;
    JsonPaths? _paths;
    JsonTree _tree = new();
    JsonPath _beforeFirst = NoPath();
    JsonPath _last = NoPath();
    RecordBatch _batch = null!;
    int _learned;
    int _skipped;

    /// <summary>Which names hold the time and the message.</summary>
    public JsonNaming Naming { get; init; } = JsonNaming.Usual;

    public override string Format => Shape.Format;

    public override RecordShape Shape => JsonShape;

    /// <summary>Objects are whole; what a program writes between them may be a trace.</summary>
    public override LineJoin? CreateJoin() => new TraceJoin((byte)'{');

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _record ??= new(ReplaceTimes);
        _paths ??= new(Naming);
        _record.Bind(batch);
        _learned = 0;
    }

    /// <summary>Begins anew where a source goes on inventing names: remembering them is of no use.</summary>
    void Forget()
    {
        if (_paths!.Count > MaxKnownPaths || (_tree.IsFull && _learned == 0))
        {
            _paths = new(Naming);
            _tree = new();
            _beforeFirst = NoPath();
        }
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
            record.Store(known.Templates);
            return true;
        }

        Forget();
        record.Begin(line, ReadTime);
        _last = _beforeFirst;
        _skipped = 0;
        var at = JsonText.SkipWhite(text, text.StartsWith("\uFEFF"u8) ? 3 : 0);
        if (at == text.Length || text[at] != '{')
        {
            reason = "expected a JSON object, which begins with {";
            return false;
        }

        reason = ReadObject(text, ref at, 0, 1);
        if (reason is null && JsonText.SkipWhite(text, at) != text.Length)
        {
            reason = "expected the end of the line after the JSON object";
        }

        if (reason is not null)
        {
            return false;
        }

        Unnamed += _skipped;
        record.Store(record.IsWhole && _learned++ < MaxLearned ? _tree.Learn(text, record)?.Templates : null);
        return true;
    }

    /// <summary>Reads the object that begins at <paramref name="at"/>. The reason where it is none, else null.</summary>
    /// <param name="text">The line.</param>
    /// <param name="at">The opening brace; afterwards behind the closing one.</param>
    /// <param name="nameLength">The length of the object's own flattened name in <see cref="_path"/>.</param>
    /// <param name="depth">1 for the line's object.</param>
    string? ReadObject(ReadOnlySpan<byte> text, ref int at, int nameLength, int depth)
    {
        if (depth > JsonTokens.MaxDepth)
        {
            return "the JSON is nested deeper than 64 levels";
        }

        var start = at;
        at = JsonText.SkipWhite(text, at + 1);
        if (at < text.Length && text[at] == '}')
        {
            at++;
            if (depth > 1)
            {
                AddField(nameLength, depth - 1, start, at, ValueKind.Json, isEscaped: false);
            }

            return null;
        }

        while (true)
        {
            if (at == text.Length || text[at] != '"')
            {
                return "expected a name in quotes inside the JSON object";
            }

            if (!JsonText.TryFindEnd(text, at + 1, out var end, out var isEscaped))
            {
                return "a name in the JSON object is not closed or holds a wrong escape";
            }

            var fieldLength = Name(text[(at + 1)..end], isEscaped, nameLength, depth);
            at = JsonText.SkipWhite(text, end + 1);
            if (at == text.Length || text[at] != ':')
            {
                return "expected a colon after a name in the JSON object";
            }

            at = JsonText.SkipWhite(text, at + 1);
            var reason = at < text.Length && text[at] == '{'
                ? ReadObject(text, ref at, fieldLength, depth + 1)
                : ReadLeaf(text, ref at, fieldLength, depth);
            if (reason is not null)
            {
                return reason;
            }

            at = JsonText.SkipWhite(text, at);
            if (at < text.Length && text[at] == '}')
            {
                at++;
                return null;
            }

            if (at == text.Length || text[at] != ',')
            {
                return at == text.Length ? "the JSON object is not closed" : "expected a comma or } in the JSON object";
            }

            at = JsonText.SkipWhite(text, at + 1);
        }
    }

    string? ReadLeaf(ReadOnlySpan<byte> text, ref int at, int nameLength, int depth)
    {
        var start = at;
        if (JsonTokens.Skip(text, ref at, depth, out var kind, out var isEscaped) is { } reason)
        {
            return reason;
        }

        if (kind == ValueKind.Text)
        {
            AddField(nameLength, depth, start + 1, at - 1, kind, isEscaped);
        }
        else if (kind != ValueKind.Null)
        {
            AddField(nameLength, depth, start, at, kind, isEscaped: false);
        }

        return null;
    }

    /// <summary>Puts a field's name behind its object's in <see cref="_path"/>; the length of both, or more than fits.</summary>
    int Name(ReadOnlySpan<byte> name, bool isEscaped, int prefixLength, int depth)
    {
        var start = depth == 1 ? 0 : prefixLength + 1;
        if (prefixLength > MaxNameBytes || start + name.Length > MaxNameBytes)
        {
            return MaxNameBytes + 1;
        }

        if (depth > 1)
        {
            _path[prefixLength] = (byte)'.';
        }

        var target = _path.AsSpan(start);
        if (isEscaped)
        {
            return start + JsonText.Unescape(name, target);
        }

        name.CopyTo(target);
        return start + name.Length;
    }

    void AddField(int nameLength, int depth, int start, int end, ValueKind kind, bool isEscaped)
    {
        if (nameLength > MaxNameBytes)
        {
            _record!.Skip();
            _skipped++;
            return;
        }

        var name = _path.AsSpan(0, nameLength);
        var path = _last.Next;
        if (path is null || !path.Bytes.AsSpan().SequenceEqual(name))
        {
            path = _last.Next = _paths!.Find(name, depth == 1);
        }

        _last = path;
        _record!.Add(path, start, end, depth, kind, isEscaped);
    }
}
