using System.Text;
using System.Text.Unicode;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// One JSON object a line. Nested objects are flattened with dots; arrays and empty objects stay JSON text, null is the
/// value <c>null</c>, numbers keep their text. The fields that hold time, message and level (<see cref="JsonRoles"/>)
/// become <c>_time</c>, <c>_msg</c> and <c>level</c> and are not stored under their own names as well.
/// </summary>
sealed class JsonLineParser : LineParser
{
    public const int MaxDepth = 64;

    /// <summary>Longer flattened names stay in the line only.</summary>
    const int MaxNameBytes = 1024;

    const int UsualFields = 1024;

    static readonly RecordShape JsonShape = new("json", [], []);

    readonly byte[] _path = new byte[MaxNameBytes];
    readonly JsonPaths _paths = new();
    JsonField[] _fields = new JsonField[UsualFields];
    JsonPath _beforeFirst = new([], "", JsonRole.None, 0);
    RecordBatch _batch = null!;
    BatchColumn? _level;
    int _binding;

    // The line that is being read.
    int _origin;
    int _fieldCount;

    /// <summary>The name that is being read where it lies in the line as it is; absent for a nested or escaped one.</summary>
    ByteSpan _name;
    JsonPath _last = null!;
    JsonPath? _timePath;
    JsonPath? _messagePath;
    JsonPath? _levelPath;
    ByteSpan _message;
    long _time;

    public override string Format => Shape.Format;

    public override RecordShape Shape => JsonShape;

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _level = null;
        if (_paths.Renew(_binding))
        {
            _beforeFirst = new([], "", JsonRole.None, 0);
        }

        _binding++;
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        Begin(line);
        var text = _batch.Value(line);
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

        Add(line);
        return true;
    }

    void Begin(ByteSpan line)
    {
        _origin = line.Offset;
        _fieldCount = 0;
        _last = _beforeFirst;
        _timePath = _messagePath = _levelPath = null;
        _message = line;
        _time = ReadTime;
    }

    /// <summary>Reads the object that begins at <paramref name="at"/>. The reason where it is none, else null.</summary>
    /// <param name="text">The line.</param>
    /// <param name="at">The opening brace; afterwards behind the closing one.</param>
    /// <param name="nameLength">The length of the object's own flattened name in <see cref="_path"/>.</param>
    /// <param name="depth">1 for the line's object.</param>
    string? ReadObject(ReadOnlySpan<byte> text, ref int at, int nameLength, int depth)
    {
        if (depth > MaxDepth)
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
                AddField(nameLength, depth - 1, new(_origin + start, at - start), ValueKind.Json);
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
            _name = isEscaped || depth > 1 ? ByteSpan.Absent : new(_origin + at + 1, end - at - 1);
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
        if (Skip(text, ref at, depth, out var kind, out var isEscaped) is { } reason)
        {
            return reason;
        }

        var value = kind == ValueKind.Text ? new ByteSpan(_origin + start + 1, at - start - 2) : new(_origin + start, at - start);
        if (isEscaped)
        {
            var target = _batch.Reserve(value.Length);
            value = _batch.Advance(JsonText.Unescape(_batch.Value(value), target));
        }

        AddField(nameLength, depth, value, kind);
        return null;
    }

    /// <summary>Passes a value of any kind and says what it is.</summary>
    static string? Skip(ReadOnlySpan<byte> text, ref int at, int depth, out ValueKind kind, out bool isEscaped)
    {
        kind = ValueKind.Json;
        isEscaped = false;
        var first = at < text.Length ? text[at] : (byte)0;
        switch (first)
        {
            case (byte)'"':
                kind = ValueKind.Text;
                if (!JsonText.TryFindEnd(text, at + 1, out var end, out isEscaped))
                {
                    return "a string in the JSON object is not closed or holds a wrong escape";
                }

                at = end + 1;
                return null;
            case (byte)'{' or (byte)'[':
                return SkipNested(text, ref at, depth + 1);
            case (byte)'t' or (byte)'f' or (byte)'n':
                kind = first == 'n' ? ValueKind.Null : ValueKind.Boolean;
                var word = first == 't' ? "true"u8 : first == 'f' ? "false"u8 : "null"u8;
                if (!text[at..].StartsWith(word))
                {
                    return "expected a value in the JSON object";
                }

                at += word.Length;
                return null;
            default:
                kind = ValueKind.Number;
                var length = JsonText.NumberLength(text, at);
                at += length;
                return length == 0 ? "expected a value in the JSON object" : null;
        }
    }

    /// <summary>Passes an array, or an object inside one.</summary>
    static string? SkipNested(ReadOnlySpan<byte> text, ref int at, int depth)
    {
        if (depth > MaxDepth)
        {
            return "the JSON is nested deeper than 64 levels";
        }

        var isObject = text[at] == '{';
        var close = isObject ? (byte)'}' : (byte)']';
        at = JsonText.SkipWhite(text, at + 1);
        if (at < text.Length && text[at] == close)
        {
            at++;
            return null;
        }

        while (true)
        {
            if (isObject)
            {
                if (at == text.Length || text[at] != '"' || !JsonText.TryFindEnd(text, at + 1, out var end, out _))
                {
                    return "expected a name in quotes inside the JSON object";
                }

                at = JsonText.SkipWhite(text, end + 1);
                if (at == text.Length || text[at] != ':')
                {
                    return "expected a colon after a name in the JSON object";
                }

                at = JsonText.SkipWhite(text, at + 1);
            }

            if (Skip(text, ref at, depth, out _, out _) is { } reason)
            {
                return reason;
            }

            at = JsonText.SkipWhite(text, at);
            if (at < text.Length && text[at] == close)
            {
                at++;
                return null;
            }

            if (at == text.Length || text[at] != ',')
            {
                return "expected a comma or the end of an array or object in the JSON";
            }

            at = JsonText.SkipWhite(text, at + 1);
        }
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

    void AddField(int nameLength, int depth, ByteSpan value, ValueKind kind)
    {
        if (nameLength > MaxNameBytes)
        {
            return;
        }

        var name = _path.AsSpan(0, nameLength);
        var path = _last.Next;
        if (path is null || !path.Bytes.AsSpan().SequenceEqual(name))
        {
            path = _paths.Find(name, depth == 1);
            if (path is null)
            {
                AddUnknown(name, value, kind);
                return;
            }

            _last.Next = path;
        }

        _last = path;
        Keep(new(path, ByteSpan.Absent, value, kind));
        switch (path.Role)
        {
            case JsonRole.Time when JsonTime.TryRead(_batch.Value(value), kind, out var time):
                if (IsBetter(path, _timePath))
                {
                    (_timePath, _time) = (path, time);
                }

                break;
            case JsonRole.Message when kind == ValueKind.Text || (path.Rank == 0 && kind is ValueKind.Number or ValueKind.Boolean):
                if (IsBetter(path, _messagePath))
                {
                    (_messagePath, _message) = (path, value);
                }

                break;
            case JsonRole.Level when IsBetter(path, _levelPath):
                _levelPath = path;
                break;
        }
    }

    /// <summary>A field of a name that is not among the known ones.</summary>
    void AddUnknown(ReadOnlySpan<byte> name, ByteSpan value, ValueKind kind)
    {
        if (name.IsEmpty || (name[0] == '_' && JsonPath.IsReservedName(Encoding.UTF8.GetString(name))))
        {
            return;
        }

        var span = !Utf8.IsValid(name) ? _batch.Append(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(name)))
            : _name.IsAbsent ? _batch.Append(name)
            : _name;
        Keep(new(null, span, value, kind));
    }

    void Keep(in JsonField field)
    {
        if (_fieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, _fieldCount * 2);
        }

        _fields[_fieldCount++] = field;
    }

    static bool IsBetter(JsonPath path, JsonPath? best) => best is null || path.Rank <= best.Rank;

    void Add(ByteSpan line)
    {
        var row = _batch.Add(ReplaceTimes ? ReadTime : _time, line, _message, 0);
        foreach (ref readonly var field in _fields.AsSpan(0, _fieldCount))
        {
            var path = field.Path;
            if (path is null)
            {
                _batch.AddOverflow(row, field.Name, field.Value, field.Kind);
            }
            else if (path == _levelPath)
            {
                (_level ??= _batch.Column(FieldNames.Level)).Set(row, field.Value, field.Kind);
            }
            else if (path != _timePath && path != _messagePath && !path.IsReserved)
            {
                Set(row, path, field.Value, field.Kind);
            }
        }

        if (_fields.Length > 64 * UsualFields)
        {
            _fields = new JsonField[UsualFields];
        }
    }

    void Set(int row, JsonPath path, ByteSpan value, ValueKind kind)
    {
        if (path.Binding != _binding)
        {
            path.Binding = _binding;
            path.Column = _batch.TryColumn(path.Name);
            path.NameInBatch = ByteSpan.Absent;
        }

        if (path.Column is { } column)
        {
            column.Set(row, value, kind);
            return;
        }

        if (path.NameInBatch.IsAbsent)
        {
            path.NameInBatch = _batch.Append(Encoding.UTF8.GetBytes(path.Name));
        }

        _batch.AddOverflow(row, path.NameInBatch, value, kind);
    }
}
