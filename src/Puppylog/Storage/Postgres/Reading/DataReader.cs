using System.Text;
using System.Text.Json;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Writing;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>The members of <c>data</c> as fields: objects flattened with dots, arrays as JSON text. One thread at a time.</summary>
sealed class DataReader
{
    /// <summary>Others may have nested deeper than this; such a value is one field, as JSON text.</summary>
    const int MaxDepth = 64;

    readonly Dictionary<string, BatchColumn?> _columns = new(StringComparer.Ordinal);
    readonly StringBuilder _name = new();
    RecordBatch _batch = null!;
    RowDecoder _own = null!;
    int _row;

    /// <summary>The last row's member that stands for a message where there is none.</summary>
    public ByteSpan Message { get; private set; }

    public void Begin(RecordBatch batch)
    {
        _batch = batch;
        _columns.Clear();
        Message = ByteSpan.Absent;
    }

    /// <param name="row">The row in the batch.</param>
    /// <param name="json">The column's text.</param>
    /// <param name="own">Knows the row's own columns.</param>
    public void Read(int row, ReadOnlySpan<byte> json, RowDecoder own)
    {
        (_row, _own) = (row, own);
        Message = ByteSpan.Absent;
        _name.Clear();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 10_000 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            // Others may write any JSON there.
            _name.Append("data");
            Value(ref reader, json);
            return;
        }

        Members(ref reader, json, 1);
    }

    void Members(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int depth)
    {
        var length = _name.Length;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (depth > 1)
            {
                _name.Append('.');
            }

            _name.Append(reader.GetString());
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject && depth < MaxDepth && !IsEmptyObject(reader))
            {
                Members(ref reader, json, depth + 1);
            }
            else
            {
                Value(ref reader, json);
            }

            _name.Length = length;
        }
    }

    static bool IsEmptyObject(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.EndObject;

    void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                var target = _batch.Reserve(reader.ValueSpan.Length);
                Set(_batch.Advance(reader.CopyString(target)), ValueKind.Text);
                break;
            case JsonTokenType.Number:
                Set(_batch.Append(reader.ValueSpan), ValueKind.Number);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Set(_batch.Append(reader.ValueSpan), ValueKind.Boolean);
                break;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Set(Compact(json[start..(int)reader.BytesConsumed]), ValueKind.Json);
                break;
            default:
                break;
        }
    }

    void Set(ByteSpan value, ValueKind kind)
    {
        var name = _name.ToString();
        if (name.Length == 0 || FieldNames.IsHidden(name) || name is FieldNames.Time or FieldNames.Raw or FieldNames.StreamId)
        {
            return;
        }

        if (name is FieldNames.Message or "message" or "msg" && Message.IsAbsent && !_own.HasMessage)
        {
            Message = value;
            return;
        }

        if (_own.HasOwn(name, _batch.Value(value), out var isSame))
        {
            if (isSame)
            {
                return;
            }

            name = DataLayout.DataPrefix + name;
        }

        if (name == FieldNames.Message)
        {
            return;
        }

        if (!_columns.TryGetValue(name, out var column))
        {
            column = _batch.TryColumn(name);
            _columns.Add(name, column);
        }

        if (column is not null)
        {
            column.Set(_row, value, kind);
        }
        else
        {
            _batch.AddOverflow(_row, _batch.Append(Encoding.UTF8.GetBytes(name)), value, kind);
        }
    }

    /// <summary>Without the blanks that <c>jsonb</c> puts between values.</summary>
    ByteSpan Compact(ReadOnlySpan<byte> json)
    {
        var target = _batch.Reserve(json.Length);
        var length = 0;
        var isText = false;
        for (var at = 0; at < json.Length; at++)
        {
            var value = json[at];
            if (value == ' ' && !isText)
            {
                continue;
            }

            target[length++] = value;
            if (isText && value == '\\')
            {
                target[length++] = json[++at];
            }
            else if (value == '"')
            {
                isText = !isText;
            }
        }

        return _batch.Advance(length);
    }
}
