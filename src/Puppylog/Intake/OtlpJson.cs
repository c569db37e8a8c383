using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.Parsing.Json;

namespace Puppylog.Intake;

/// <summary>
/// OpenTelemetry's JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) as the protobuf message that it
/// stands for, so that both are read alike. Names are lowerCamel or those of the .proto; ids are hexadecimal and stay so.
/// </summary>
sealed class OtlpJson
{
    const int MaxDepth = 64;

    /// <summary>Bytes of a length: it is known only behind what it is of, and always takes as many.</summary>
    const int LengthRoom = 5;

    byte[] _bytes = new byte[64 << 10];
    byte[] _unescaped = new byte[256];
    int _length;

    enum Message
    {
        Request,
        ResourceLogs,
        Resource,
        ScopeLogs,
        Scope,
        Record,
        Pair,
        Any,
        List,
        Map,
    }

    enum Scalar
    {
        Text,
        Varint,
        Fixed32,
        Fixed64,
        Real,
        Bytes,
        Severity,
    }

    /// <summary>The message as protobuf. Valid until the next.</summary>
    /// <exception cref="IntakeException">The body is no JSON of this kind.</exception>
    public ReadOnlySpan<byte> Write(ReadOnlySpan<byte> body)
    {
        _length = 0;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw Wrong("a JSON object with resourceLogs");
            }

            WriteMessage(ref reader, Message.Request);
            reader.Read();
        }
        catch (JsonException mistake)
        {
            throw new IntakeException($"the body is no JSON: {mistake.Message}; nothing of it is stored");
        }

        return _bytes.AsSpan(0, _length);
    }

    static IntakeException Wrong(string expected) => new($"expected {expected}; nothing of the body is stored");

    static (int Field, Message? Inner, Scalar Scalar) Known(Message message, ref Utf8JsonReader name) => message switch
    {
        Message.Request when Is(ref name, "resourceLogs"u8, "resource_logs"u8) => (1, Message.ResourceLogs, default),
        Message.ResourceLogs when Is(ref name, "resource"u8) => (1, Message.Resource, default),
        Message.ResourceLogs when Is(ref name, "scopeLogs"u8, "scope_logs"u8) || Is(ref name, "instrumentationLibraryLogs"u8) => (2, Message.ScopeLogs, default),
        Message.Resource when Is(ref name, "attributes"u8) => (1, Message.Pair, default),
        Message.ScopeLogs when Is(ref name, "scope"u8) => (1, Message.Scope, default),
        Message.ScopeLogs when Is(ref name, "logRecords"u8, "log_records"u8) => (2, Message.Record, default),
        Message.Scope when Is(ref name, "name"u8) => (1, null, Scalar.Text),
        Message.Scope when Is(ref name, "version"u8) => (2, null, Scalar.Text),
        Message.Scope when Is(ref name, "attributes"u8) => (3, Message.Pair, default),
        Message.Record when Is(ref name, "timeUnixNano"u8, "time_unix_nano"u8) => (1, null, Scalar.Fixed64),
        Message.Record when Is(ref name, "severityNumber"u8, "severity_number"u8) => (2, null, Scalar.Severity),
        Message.Record when Is(ref name, "severityText"u8, "severity_text"u8) => (3, null, Scalar.Text),
        Message.Record when Is(ref name, "body"u8) => (5, Message.Any, default),
        Message.Record when Is(ref name, "attributes"u8) => (6, Message.Pair, default),
        Message.Record when Is(ref name, "droppedAttributesCount"u8, "dropped_attributes_count"u8) => (7, null, Scalar.Varint),
        Message.Record when Is(ref name, "flags"u8) => (8, null, Scalar.Fixed32),
        Message.Record when Is(ref name, "traceId"u8, "trace_id"u8) => (9, null, Scalar.Text),
        Message.Record when Is(ref name, "spanId"u8, "span_id"u8) => (10, null, Scalar.Text),
        Message.Record when Is(ref name, "observedTimeUnixNano"u8, "observed_time_unix_nano"u8) => (11, null, Scalar.Fixed64),
        Message.Record when Is(ref name, "eventName"u8, "event_name"u8) => (12, null, Scalar.Text),
        Message.Pair when Is(ref name, "key"u8) => (1, null, Scalar.Text),
        Message.Pair when Is(ref name, "value"u8) => (2, Message.Any, default),
        Message.Any when Is(ref name, "stringValue"u8, "string_value"u8) => (1, null, Scalar.Text),
        Message.Any when Is(ref name, "boolValue"u8, "bool_value"u8) => (2, null, Scalar.Varint),
        Message.Any when Is(ref name, "intValue"u8, "int_value"u8) => (3, null, Scalar.Varint),
        Message.Any when Is(ref name, "doubleValue"u8, "double_value"u8) => (4, null, Scalar.Real),
        Message.Any when Is(ref name, "arrayValue"u8, "array_value"u8) => (5, Message.List, default),
        Message.Any when Is(ref name, "kvlistValue"u8, "kvlist_value"u8) => (6, Message.Map, default),
        Message.Any when Is(ref name, "bytesValue"u8, "bytes_value"u8) => (7, null, Scalar.Bytes),
        Message.List when Is(ref name, "values"u8) => (1, Message.Any, default),
        Message.Map when Is(ref name, "values"u8) => (1, Message.Pair, default),
        _ => default,
    };

    static bool Is(ref Utf8JsonReader name, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake = default) =>
        name.ValueTextEquals(camel) || (!snake.IsEmpty && name.ValueTextEquals(snake));

    /// <summary>Writes the fields of the object that was begun, to its end.</summary>
    void WriteMessage(ref Utf8JsonReader reader, Message message)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (field, inner, scalar) = Known(message, ref reader);
            reader.Read();
            if (field == 0 || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
            }
            else if (inner is null)
            {
                WriteScalar(ref reader, field, scalar);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    WriteField(ref reader, field, inner.Value);
                }
            }
            else
            {
                WriteField(ref reader, field, inner.Value);
            }
        }
    }

    void WriteField(ref Utf8JsonReader reader, int field, Message message)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong($"an object of {message} at byte {reader.TokenStartIndex}");
        }

        PutKey(field, 2);
        var start = _length;
        _length += Reserve(LengthRoom);
        WriteMessage(ref reader, message);
        PutLength(start, _length - start - LengthRoom);
    }

    void WriteScalar(ref Utf8JsonReader reader, int field, Scalar scalar)
    {
        var text = Text(ref reader);
        switch (scalar)
        {
            case Scalar.Text:
                PutBytes(field, text);
                break;
            case Scalar.Bytes:
                var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
                if (Base64.DecodeFromUtf8(text, bytes, out _, out var written) != System.Buffers.OperationStatus.Done)
                {
                    throw Wrong($"Base64 at byte {reader.TokenStartIndex}");
                }

                PutBytes(field, bytes.AsSpan(0, written));
                break;
            case Scalar.Real:
                PutKey(field, 1);
                PutFixed(BitConverter.DoubleToUInt64Bits(
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : throw Wrong($"a number at byte {reader.TokenStartIndex}")));
                break;
            default:
                var number = Number(text, scalar) ?? throw Wrong($"a whole number at byte {reader.TokenStartIndex}");
                PutKey(field, scalar == Scalar.Fixed64 ? 1 : 0);
                if (scalar == Scalar.Fixed64)
                {
                    PutFixed(number);
                }
                else
                {
                    PutVarint(number);
                }

                break;
        }
    }

    static ulong? Number(ReadOnlySpan<byte> text, Scalar scalar)
    {
        if (text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8))
        {
            return text[0] == 't' ? 1UL : 0;
        }

        if (scalar == Scalar.Severity && text.StartsWith("SEVERITY_NUMBER_"u8))
        {
            return Severity(text["SEVERITY_NUMBER_".Length..]);
        }

        return Utf8Parser.TryParse(text, out ulong positive, out var taken) && taken == text.Length ? positive
            : Utf8Parser.TryParse(text, out long number, out taken) && taken == text.Length ? (ulong)number
            : null;
    }

    /// <summary><c>INFO</c> is 9, <c>INFO2</c> is 10; 0 for a name that is none.</summary>
    static ulong Severity(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<string> names = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
        for (var i = 0; i < names.Length; i++)
        {
            var length = names[i].Length;
            if (name.Length >= length && Ascii.Equals(name[..length], names[i]))
            {
                var step = name.Length == length ? 1 : name.Length == length + 1 && name[length] is >= (byte)'2' and <= (byte)'4' ? name[length] - '0' : 0;
                return step == 0 ? 0 : (ulong)((4 * i) + step);
            }
        }

        return 0;
    }

    ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            throw Wrong($"a text or a number at byte {reader.TokenStartIndex}");
        }

        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_unescaped.Length < reader.ValueSpan.Length)
        {
            _unescaped = new byte[reader.ValueSpan.Length * 2];
        }

        return _unescaped.AsSpan(0, JsonText.Unescape(reader.ValueSpan, _unescaped));
    }

    void PutBytes(int field, ReadOnlySpan<byte> bytes)
    {
        PutKey(field, 2);
        PutVarint((ulong)bytes.Length);
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    void PutKey(int field, int wire) => PutVarint((ulong)((field << 3) | wire));

    void PutVarint(ulong value)
    {
        Reserve(10);
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_length++] = (byte)(value | 0x80);
        }

        _bytes[_length++] = (byte)value;
    }

    void PutFixed(ulong value)
    {
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    void PutLength(int at, int length)
    {
        for (var i = 0; i < LengthRoom; i++)
        {
            _bytes[at + i] = (byte)((length >> (7 * i) & 0x7F) | (i < LengthRoom - 1 ? 0x80 : 0));
        }
    }

    int Reserve(int size)
    {
        if (_bytes.Length - _length < size)
        {
            Array.Resize(ref _bytes, Math.Max(_length + size, checked(_bytes.Length * 2)));
        }

        return size;
    }
}
