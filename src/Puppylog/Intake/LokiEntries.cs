using System.Buffers.Text;
using System.Text.Json;
using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>
/// A push to Loki: streams of labels, each with entries of a time, a line and perhaps metadata. Labels make up
/// <c>_stream</c> and are fields, as metadata are; the entry's line is the record's.
/// </summary>
/// <param name="batches">Where the records go.</param>
/// <param name="writer">Writes them.</param>
/// <param name="sharesStream">The labels make up <c>_stream</c>.</param>
sealed class LokiEntries(IntakeBatches batches, RecordWriter writer, bool sharesStream)
{
    const int MaxDepth = 64;

    byte[] _unescaped = new byte[256];
    byte[] _name = new byte[256];
    long _index;

    /// <summary>As protobuf, unpacked: https://github.com/grafana/loki/blob/main/pkg/push/push.proto.</summary>
    /// <exception cref="IntakeException">It is none.</exception>
    public void ReadProto(ReadOnlySpan<byte> body)
    {
        var request = new ProtoReader(body);
        while (request.Next())
        {
            if (request is { Field: 1, HasBytes: true })
            {
                ReadStream(request.Bytes);
            }
        }
    }

    /// <summary>As JSON: https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs.</summary>
    /// <exception cref="IntakeException">It is none.</exception>
    public void ReadJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
            Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "a JSON object with streams");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isStreams = reader.ValueTextEquals("streams"u8);
                reader.Read();
                if (!isStreams || reader.TokenType == JsonTokenType.Null)
                {
                    reader.Skip();
                    continue;
                }

                Expect(reader.TokenType == JsonTokenType.StartArray, "an array of streams");
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadStream(ref reader);
                }

                Expect(reader.TokenType == JsonTokenType.EndArray, "objects in the array of streams");
            }

            reader.Read();
        }
        catch (JsonException mistake)
        {
            throw new IntakeException($"the body is no JSON: {mistake.Message}; nothing of it is stored");
        }
    }

    static void Expect(bool holds, string expected)
    {
        if (!holds)
        {
            throw new IntakeException($"expected {expected}, as {{\"streams\":[{{\"stream\":{{\"app\":\"web\"}},\"values\":[[\"1700000000000000000\",\"a line\"]]}}]}}; nothing of the body is stored");
        }
    }

    void ReadStream(ReadOnlySpan<byte> message)
    {
        writer.Shared.Keep(0);
        var wrong = (string?)null;
        var labels = new ProtoReader(message);
        while (labels.Next())
        {
            if (labels is { Field: 1, HasBytes: true })
            {
                writer.Shared.Keep(0);
                wrong = LokiLabels.Read(labels.Bytes, (name, value) => writer.Share(name, value, ValueKind.Text, sharesStream));
            }
        }

        var entries = new ProtoReader(message);
        while (entries.Next())
        {
            if (entries is { Field: 2, HasBytes: true })
            {
                ReadEntry(entries.Bytes, wrong);
                _index++;
            }
        }
    }

    void ReadEntry(ReadOnlySpan<byte> message, string? wrong)
    {
        writer.Begin();
        long seconds = 0, nanoseconds = 0;
        var line = default(ReadOnlySpan<byte>);
        var entry = new ProtoReader(message);
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case 1 when entry.HasBytes:
                    var time = new ProtoReader(entry.Bytes);
                    while (time.Next())
                    {
                        (seconds, nanoseconds) = time.Field switch { 1 => ((long)time.Number, nanoseconds), 2 => (seconds, (int)time.Number), _ => (seconds, nanoseconds) };
                    }

                    break;
                case 2 when entry.HasBytes:
                    line = entry.Bytes;
                    break;
                case 3 when entry.HasBytes:
                    ReadPair(entry.Bytes);
                    break;
            }
        }

        if (nanoseconds is < 0 or >= Timestamps.Second || seconds is < long.MinValue / Timestamps.Second + 1 or > long.MaxValue / Timestamps.Second - 1)
        {
            wrong ??= "the time is out of range: from 1677 to 2262";
        }

        End((seconds * Timestamps.Second) + nanoseconds, writer.Text(line), wrong);
    }

    void ReadPair(ReadOnlySpan<byte> message)
    {
        var pair = new ProtoReader(message);
        var name = default(ReadOnlySpan<byte>);
        var value = default(ReadOnlySpan<byte>);
        while (pair.Next())
        {
            if (pair.Field == 1)
            {
                name = pair.Bytes;
            }
            else if (pair.Field == 2)
            {
                value = pair.Bytes;
            }
        }

        writer.Add(name, value, ValueKind.Text);
    }

    void End(long time, ByteSpan line, string? wrong)
    {
        if (wrong is null)
        {
            writer.End(time == 0 ? batches.Now : time, line);
        }
        else
        {
            batches.Rejections.Add(_index, wrong);
        }
    }

    void ReadStream(ref Utf8JsonReader reader)
    {
        writer.Shared.Keep(0);

        // The labels may stand behind the entries.
        var labels = reader;
        while (labels.Read() && labels.TokenType == JsonTokenType.PropertyName)
        {
            var isLabels = labels.ValueTextEquals("stream"u8);
            labels.Read();
            if (!isLabels)
            {
                labels.Skip();
                continue;
            }

            Expect(labels.TokenType == JsonTokenType.StartObject, "an object of labels as stream");
            while (labels.Read() && labels.TokenType == JsonTokenType.PropertyName)
            {
                var name = Text(ref labels, ref _name);
                labels.Read();
                writer.Share(name, Value(ref labels, out var kind), kind, sharesStream);
            }
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValues = reader.ValueTextEquals("values"u8);
            reader.Read();
            if (!isValues || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
                continue;
            }

            Expect(reader.TokenType == JsonTokenType.StartArray, "an array of values");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ReadEntry(ref reader);
                _index++;
            }
        }
    }

    void ReadEntry(ref Utf8JsonReader reader)
    {
        writer.Begin();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            End(0, default, "expected an array of a time and a line");
            return;
        }

        string? wrong = null;
        var time = 0L;
        var line = ByteSpan.Absent;
        for (var place = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; place++)
        {
            if (place == 0)
            {
                var text = reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? reader.ValueSpan : default;
                wrong = Utf8Parser.TryParse(text, out time, out var taken) && taken == text.Length ? null : "the time is no number of nanoseconds since 1970";
                reader.Skip();
            }
            else if (place == 1 && reader.TokenType == JsonTokenType.String)
            {
                line = writer.Text(Text(ref reader, ref _unescaped));
            }
            else if (place == 2 && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = Text(ref reader, ref _name);
                    reader.Read();
                    writer.Add(name, Value(ref reader, out var kind), kind);
                }
            }
            else
            {
                wrong ??= place == 1 ? "the line is no string" : "expected nothing behind the line but an object of metadata";
                reader.Skip();
            }
        }

        End(time, line, wrong ?? (line.IsAbsent ? "expected an array of a time and a line" : null));
    }

    /// <summary>The value as text; an array or object as JSON. Valid until the next.</summary>
    ReadOnlySpan<byte> Value(ref Utf8JsonReader reader, out ValueKind kind)
    {
        kind = reader.TokenType switch
        {
            JsonTokenType.String => ValueKind.Text,
            JsonTokenType.Number => ValueKind.Number,
            JsonTokenType.True or JsonTokenType.False => ValueKind.Boolean,
            _ => throw new IntakeException("the value of a label is no string; nothing of the body is stored"),
        };
        return kind == ValueKind.Text ? Text(ref reader, ref _unescaped) : reader.ValueSpan;
    }

    static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader, ref byte[] room)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (room.Length < reader.ValueSpan.Length)
        {
            room = new byte[reader.ValueSpan.Length * 2];
        }

        return room.AsSpan(0, JsonText.Unescape(reader.ValueSpan, room));
    }
}
