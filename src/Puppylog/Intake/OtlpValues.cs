using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>Values of OpenTelemetry's AnyValue as texts and fields. Maps become fields with dots in their names, arrays JSON.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer holds nothing but the array that it writes to.")]
sealed class OtlpValues
{
    /// <summary>Deeper values are refused with their body.</summary>
    const int MaxDepth = 32;

    /// <summary>Names of nested maps that are longer are cut.</summary>
    const int MaxName = 1024;

    readonly ArrayBufferWriter<byte> _json = new();
    readonly byte[] _name = new byte[MaxName];
    readonly byte[] _number = new byte[64];
    readonly Utf8JsonWriter _writer;
    byte[] _base64 = [];

    public OtlpValues() => _writer = new(_json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 4 * MaxDepth });

    /// <summary>Takes a field.</summary>
    public delegate void FieldTaker(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ValueKind kind);

    /// <summary>Hands over the fields of a KeyValue.</summary>
    /// <param name="pair">The message.</param>
    /// <param name="prefix">Goes before its name, with a dot.</param>
    /// <param name="take">Called for each field; what it gets is valid during the call.</param>
    public void Flatten(ReadOnlySpan<byte> pair, ReadOnlySpan<byte> prefix, FieldTaker take)
    {
        prefix[..Math.Min(prefix.Length, MaxName)].CopyTo(_name);
        Flatten(pair, Math.Min(prefix.Length, MaxName), take, 0);
    }

    /// <summary>An AnyValue as text: a string as it is, a map or an array as JSON. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value)
    {
        var reader = new ProtoReader(value);
        return Last(ref reader) ? Text(reader, out _) : default;
    }

    void Flatten(ReadOnlySpan<byte> pair, int prefix, FieldTaker take, int depth)
    {
        Check(depth);
        Split(pair, out var key, out var value);
        var length = prefix;
        if (length > 0 && length < MaxName)
        {
            _name[length++] = (byte)'.';
        }

        key = key[..Math.Min(key.Length, MaxName - length)];
        key.CopyTo(_name.AsSpan(length));
        length += key.Length;
        var reader = new ProtoReader(value);
        if (!Last(ref reader))
        {
            return;
        }

        if (reader is { Field: 6, HasBytes: true } && !reader.Bytes.IsEmpty)
        {
            var pairs = new ProtoReader(reader.Bytes);
            while (pairs.Next())
            {
                if (pairs is { Field: 1, HasBytes: true })
                {
                    Flatten(pairs.Bytes, length, take, depth + 1);
                }
            }

            return;
        }

        var text = Text(reader, out var kind);
        take(_name.AsSpan(0, length), text, kind);
    }

    static void Split(ReadOnlySpan<byte> pair, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = value = default;
        var reader = new ProtoReader(pair);
        while (reader.Next())
        {
            if (reader is { Field: 1, HasBytes: true })
            {
                key = reader.Bytes;
            }
            else if (reader is { Field: 2, HasBytes: true })
            {
                value = reader.Bytes;
            }
        }
    }

    /// <summary>Goes to the value that holds: of several the last. False where there is none.</summary>
    static bool Last(ref ProtoReader reader)
    {
        var isThere = false;
        var last = reader;
        while (reader.Next())
        {
            if (reader.Field is >= 1 and <= 7)
            {
                last = reader;
                isThere = true;
            }
        }

        reader = last;
        return isThere;
    }

    ReadOnlySpan<byte> Text(scoped in ProtoReader value, out ValueKind kind)
    {
        int length;
        switch (value.Field)
        {
            case 2:
                kind = ValueKind.Boolean;
                return value.Number != 0 ? "true"u8 : "false"u8;
            case 3:
                kind = ValueKind.Number;
                Utf8Formatter.TryFormat((long)value.Number, _number, out length);
                return _number.AsSpan(0, length);
            case 4:
                var number = BitConverter.UInt64BitsToDouble(value.Number);
                kind = double.IsFinite(number) ? ValueKind.Number : ValueKind.Text;
                Utf8Formatter.TryFormat(number, _number, out length);
                return _number.AsSpan(0, length);
            case 5 or 6:
                kind = ValueKind.Json;
                _json.ResetWrittenCount();
                _writer.Reset(_json);
                Write(value, 0);
                _writer.Flush();
                return _json.WrittenSpan;
            case 7:
                kind = ValueKind.Text;
                length = Base64.GetMaxEncodedToUtf8Length(value.Bytes.Length);
                _base64 = _base64.Length < length ? new byte[length] : _base64;
                Base64.EncodeToUtf8(value.Bytes, _base64, out _, out length);
                return _base64.AsSpan(0, length);
            default:
                kind = ValueKind.Text;
                return value.Bytes;
        }
    }

    /// <summary>Writes an AnyValue as JSON.</summary>
    void Write(scoped in ProtoReader value, int depth)
    {
        Check(depth);
        if (value.Field is 5 or 6)
        {
            var isMap = value.Field == 6;
            if (isMap)
            {
                _writer.WriteStartObject();
            }
            else
            {
                _writer.WriteStartArray();
            }

            var items = new ProtoReader(value.Bytes);
            while (items.Next())
            {
                if (items is { Field: 1, HasBytes: true })
                {
                    WriteItem(items.Bytes, isMap, depth);
                }
            }

            if (isMap)
            {
                _writer.WriteEndObject();
            }
            else
            {
                _writer.WriteEndArray();
            }

            return;
        }

        var text = Text(value, out var kind);
        if (kind == ValueKind.Text)
        {
            _writer.WriteStringValue(Valid(text));
        }
        else
        {
            _writer.WriteRawValue(text);
        }
    }

    void WriteItem(ReadOnlySpan<byte> item, bool isMap, int depth)
    {
        if (isMap)
        {
            Split(item, out var key, out item);
            _writer.WritePropertyName(Valid(key));
        }

        var reader = new ProtoReader(item);
        if (Last(ref reader))
        {
            Write(reader, depth + 1);
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    /// <summary>JSON has no other bytes: what is no UTF-8 becomes U+FFFD.</summary>
    static ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> text) => Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));

    static void Check(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new IntakeException($"a value is nested deeper than {MaxDepth} levels; nothing of the body is stored");
        }
    }
}
