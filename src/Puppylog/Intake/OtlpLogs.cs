using System.Buffers;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>
/// Logs as OpenTelemetry's protocol exports them
/// (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto). Attributes are
/// fields under their names; those of the resource make up <c>_stream</c>. The body is the record's line: a text as it is,
/// anything else as JSON.
/// </summary>
/// <param name="batches">Where the records go.</param>
/// <param name="writer">Writes them.</param>
/// <param name="sharesStream">The resource's attributes make up <c>_stream</c>.</param>
sealed class OtlpLogs(IntakeBatches batches, RecordWriter writer, bool sharesStream)
{
    readonly OtlpValues _values = new();
    readonly OtlpValues.FieldTaker _add = writer.Add;
    long _index;

    /// <summary>Reads an ExportLogsServiceRequest.</summary>
    /// <exception cref="IntakeException">It is none.</exception>
    public void Read(ReadOnlySpan<byte> body)
    {
        var request = new ProtoReader(body);
        while (request.Next())
        {
            if (request is { Field: 1, HasBytes: true })
            {
                ReadResourceLogs(request.Bytes);
            }
        }
    }

    void ReadResourceLogs(ReadOnlySpan<byte> message)
    {
        // Fields may come in any order.
        writer.Shared.Keep(0);
        var head = new ProtoReader(message);
        while (head.Next())
        {
            if (head is { Field: 1, HasBytes: true })
            {
                ShareAttributes(head.Bytes, 1, default, isOfResource: true);
            }
        }

        var kept = writer.Shared.Count;
        var scopes = new ProtoReader(message);
        while (scopes.Next())
        {
            // 1000 is where exporters before 2022 put them.
            if (scopes is { Field: 2 or 1000, HasBytes: true })
            {
                ReadScopeLogs(scopes.Bytes);
                writer.Shared.Keep(kept);
            }
        }
    }

    void ReadScopeLogs(ReadOnlySpan<byte> message)
    {
        var head = new ProtoReader(message);
        while (head.Next())
        {
            if (head is { Field: 1, HasBytes: true })
            {
                ShareScope(head.Bytes);
            }
        }

        var records = new ProtoReader(message);
        while (records.Next())
        {
            if (records is { Field: 2, HasBytes: true })
            {
                ReadRecord(records.Bytes);
                _index++;
            }
        }
    }

    void ShareScope(ReadOnlySpan<byte> message)
    {
        var scope = new ProtoReader(message);
        while (scope.Next())
        {
            if (scope is { Field: 1 or 2, HasBytes: true } && !scope.Bytes.IsEmpty)
            {
                writer.Share(scope.Field == 1 ? "scope.name"u8 : "scope.version"u8, scope.Bytes, ValueKind.Text, isOfStream: false);
            }
        }

        ShareAttributes(message, 3, "scope.attributes"u8, isOfResource: false);
    }

    void ShareAttributes(ReadOnlySpan<byte> message, int field, ReadOnlySpan<byte> prefix, bool isOfResource)
    {
        var attributes = new ProtoReader(message);
        while (attributes.Next())
        {
            if (attributes.Field == field && attributes.HasBytes)
            {
                _values.Flatten(attributes.Bytes, prefix, (name, value, kind) =>
                {
                    writer.Share(name, value, kind, isOfResource && sharesStream);
                    if (isOfResource && WellKnown(name) is { IsEmpty: false } wellKnown)
                    {
                        writer.Share(wellKnown, value, kind, isOfStream: false);
                    }
                });
            }
        }
    }

    /// <summary>The product's own name of a resource's attribute, which the record has as well.</summary>
    static ReadOnlySpan<byte> WellKnown(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("service.name"u8) ? "application_name"u8
        : name.SequenceEqual("deployment.environment.name"u8) || name.SequenceEqual("deployment.environment"u8) ? "environment_name"u8
        : default;

    void ReadRecord(ReadOnlySpan<byte> message)
    {
        writer.Begin();
        ulong time = 0, observed = 0;
        var number = 0;
        var severity = default(ReadOnlySpan<byte>);
        var body = default(ReadOnlySpan<byte>);
        var record = new ProtoReader(message);
        while (record.Next())
        {
            switch (record.Field)
            {
                case 1:
                    time = record.Number;
                    break;
                case 2:
                    number = (int)record.Number;
                    break;
                case 3:
                    severity = record.Bytes;
                    break;
                case 5:
                    body = record.Bytes;
                    break;
                case 6:
                    _values.Flatten(record.Bytes, default, _add);
                    break;
                case 7 when record.Number != 0:
                    writer.Add("dropped_attributes_count"u8, Digits(record.Number), ValueKind.Number);
                    break;
                case 8 when record.Number != 0:
                    writer.Add("flags"u8, Digits(record.Number), ValueKind.Number);
                    break;
                case 9:
                    AddId("trace_id"u8, record.Bytes, 16);
                    break;
                case 10:
                    AddId("span_id"u8, record.Bytes, 8);
                    break;
                case 11:
                    observed = record.Number;
                    break;
                case 12 when record.HasBytes && !record.Bytes.IsEmpty:
                    writer.Add("log_event"u8, record.Bytes, ValueKind.Text);
                    break;
            }
        }

        time = time == 0 ? observed : time;
        if (time > long.MaxValue)
        {
            batches.Rejections.Add(_index, "the time is out of range: up to 2262");
            return;
        }

        writer.AddLevel(severity, number);
        writer.End(time == 0 ? batches.Now : (long)time, writer.Text(_values.Text(body)));
    }

    static byte[] Digits(ulong number) => Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>An id as hexadecimal digits; one of zeros is none, one of another length is taken for such digits.</summary>
    void AddId(ReadOnlySpan<byte> name, ReadOnlySpan<byte> id, int length)
    {
        if (!id.ContainsAnyExcept((byte)0))
        {
            return;
        }

        Span<byte> digits = stackalloc byte[32];
        if (id.Length == length)
        {
            Convert.TryToHexStringLower(id, digits, out _);
        }
        else if (id.Length != 2 * length || Ascii.ToLower(id, digits, out _) != OperationStatus.Done)
        {
            writer.Add(name, id, ValueKind.Text);
            return;
        }

        writer.Add(name, digits[..(2 * length)], ValueKind.Text);
    }
}
