using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// Records as <c>store export --format jsonl</c> writes them and as VictoriaLogs answers: a JSON object a line with
/// <c>_time</c>, <c>_msg</c>, <c>_stream</c>, the fields, <c>_raw</c> where the line is not the message, and in
/// <c>_base64</c> the values that are no UTF-8. The record that comes of it is the one that was exported.
/// </summary>
sealed class ExportLineParser : LineParser
{
    const int MaxDepth = 64;
    const int MaxKnownNames = 4096;
    const int MaxNameBytes = 1024;

    static readonly RecordShape ExportShape = new("export", [], []);

    readonly List<(string Name, ByteSpan Value, ValueKind Kind)> _fields = [];
    readonly byte[] _path = new byte[MaxNameBytes];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    RecordBatch _batch = null!;
    ByteSpan? _raw;
    ByteSpan? _message;
    ByteSpan? _stream;
    long? _time;
    int _origin;

    public override string Format => Shape.Format;

    public override RecordShape Shape => ExportShape;

    public override InvalidLines DefaultInvalid => InvalidLines.Report;

    public override void Bind(RecordBatch batch) => _batch = batch;

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        _fields.Clear();
        (_raw, _message, _stream, _time, _origin) = (null, null, null, null, line.Offset);
        if (_names.Count > MaxKnownNames)
        {
            _names.Clear();
        }

        try
        {
            var reader = new Utf8JsonReader(_batch.Value(line), new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                reason = "expected a JSON object";
                return false;
            }

            ReadObject(ref reader, 0, isTop: true);
            reason = reader.Read() ? "expected the end of the line after the JSON object"
                : _time is null ? "there is no _time; other JSON logs are read by 'puppylog collect --format json'"
                : null;
        }
        catch (JsonException)
        {
            reason = "expected a JSON object";
        }

        if (reason is null)
        {
            Add(line);
        }

        return reason is null;
    }

    void Add(ByteSpan line)
    {
        var text = _raw ?? _message ?? line;
        var row = _batch.Add(ReplaceTimes ? ReadTime : _time!.Value, text, _message ?? new ByteSpan(text.Offset, 0), 0);
        if (_stream is { } stream)
        {
            _batch.Column(FieldNames.Stream).Set(row, stream);
        }

        foreach (var (name, value, kind) in _fields)
        {
            _batch.Column(name).Set(row, value, kind);
        }
    }

    /// <summary>Reads to the object's end; fields of nested ones are named with dots.</summary>
    void ReadObject(ref Utf8JsonReader reader, int prefix, bool isTop)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var length = Name(reader.ValueSpan, reader.ValueIsEscaped, prefix, isTop);
            var name = Text(_path.AsSpan(0, length));
            reader.Read();
            if (isTop && name == "_base64" && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadBinary(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.StartObject && !IsEmptyObject(reader))
            {
                ReadObject(ref reader, length, isTop: false);
            }
            else
            {
                Take(name, Value(ref reader, out var kind), kind, isTop);
            }
        }
    }

    static bool IsEmptyObject(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.EndObject;

    /// <summary>Puts a name behind its object's in <see cref="_path"/>; a longer one than there is room for is cut.</summary>
    int Name(ReadOnlySpan<byte> name, bool isEscaped, int prefix, bool isTop)
    {
        var start = prefix;
        if (!isTop && start < _path.Length)
        {
            _path[start++] = (byte)'.';
        }

        var room = _path.AsSpan(start);
        Unnamed += name.Length > room.Length ? 1 : 0;
        name = name[..Math.Min(name.Length, room.Length)];
        if (isEscaped)
        {
            return start + JsonText.Unescape(name, room);
        }

        name.CopyTo(room);
        return start + name.Length;
    }

    /// <summary>The name as a string, one for all lines that have it.</summary>
    string Text(ReadOnlySpan<byte> name)
    {
        Span<char> characters = stackalloc char[MaxNameBytes];
        var length = Encoding.UTF8.GetChars(name, characters);
        if (!_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out var known))
        {
            known = characters[..length].ToString();
            _names.Add(known);
        }

        return known;
    }

    ByteSpan Value(ref Utf8JsonReader reader, out ValueKind kind)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                kind = ValueKind.Text;
                if (!reader.ValueIsEscaped)
                {
                    return new(_origin + start + 1, reader.ValueSpan.Length);
                }

                var escaped = reader.ValueSpan;
                return _batch.Advance(JsonText.Unescape(escaped, _batch.Reserve(escaped.Length)));
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                kind = ValueKind.Json;
                reader.Skip();
                return new(_origin + start, (int)reader.BytesConsumed - start);
            default:
                kind = reader.TokenType switch
                {
                    JsonTokenType.Number => ValueKind.Number,
                    JsonTokenType.Null => ValueKind.Null,
                    _ => ValueKind.Boolean,
                };
                return new(_origin + start, (int)reader.BytesConsumed - start);
        }
    }

    void ReadBinary(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(_path.AsSpan(0, Name(reader.ValueSpan, reader.ValueIsEscaped, 0, isTop: true)));
            reader.Read();
            var text = Value(ref reader, out _);
            var bytes = _batch.Reserve(Base64.GetMaxDecodedFromUtf8Length(Math.Max(0, text.Length)));
            Base64.DecodeFromUtf8(_batch.Value(text), bytes, out _, out var written);
            Take(name, _batch.Advance(written), ValueKind.Text, isTop: true);
        }
    }

    void Take(string name, ByteSpan value, ValueKind kind, bool isTop)
    {
        switch (name)
        {
            case FieldNames.Time when isTop:
                _time = JsonTime.TryRead(_batch.Value(value), kind, out var time) ? time : _time;
                break;
            case FieldNames.Message when isTop:
                _message = value;
                break;
            case FieldNames.Raw when isTop:
                _raw = value;
                break;
            case FieldNames.Stream when isTop:
                _stream = value;
                break;
            case "" or FieldNames.Time or FieldNames.Message or FieldNames.Raw or FieldNames.Stream or FieldNames.StreamId:
                break;
            default:
                if (!FieldNames.IsHidden(name))
                {
                    _fields.Add((name, value, kind));
                }

                break;
        }
    }
}
