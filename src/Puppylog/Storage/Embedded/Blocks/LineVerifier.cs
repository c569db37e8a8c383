using System.Buffers.Binary;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Checks byte for byte that a line follows from its fields by the template that its parser claimed. A value that lies in
/// the line at the very place needs no comparison; a time is written anew, once per second, and compared.
/// </summary>
sealed class LineVerifier
{
    /// <summary>A part of a template; of a literal of up to four bytes also those as a number, and which of its bits count.</summary>
    readonly struct Part(TemplatePartKind kind, byte[] literal, ByteSpan[]? spans, TimeForm? time = null, JsonEscapes? escapes = null)
    {
        public readonly TemplatePartKind Kind = kind;
        public readonly uint Bits = Load(literal);
        public readonly uint Mask = literal.Length is 0 or > 4 ? 0 : uint.MaxValue >> (32 - (8 * literal.Length));
        public readonly byte[] Literal = literal;
        public readonly ByteSpan[]? Spans = spans;
        public readonly TimeForm? Time = time;
        public readonly JsonEscapes? Escapes = escapes;

        static uint Load(byte[] literal)
        {
            Span<byte> padded = stackalloc byte[4];
            literal.AsSpan(0, Math.Min(4, literal.Length)).CopyTo(padded);
            return BinaryPrimitives.ReadUInt32LittleEndian(padded);
        }
    }

    readonly byte[] _time = new byte[TimeForm.MaxLength];
    byte[] _escaped = new byte[512];
    readonly byte[] _clock = new byte[Timestamps.ClfLength];
    readonly List<Part[]> _templates = [];
    ByteSpan[]? _zones;
    long _clockTime = long.MinValue;
    RecordBatch? _batch;

    /// <summary>Prepares for a batch: looks up the columns of its shape's templates.</summary>
    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _templates.Clear();
        _clockTime = long.MinValue;
        _zones = Spans(batch, FieldNames.LineZone);
        foreach (var template in batch.LineTemplates)
        {
            _templates.Add([.. template.Parts.Select(part => part.Kind == TemplatePartKind.Literal
                ? new Part(part.Kind, Encoding.UTF8.GetBytes(part.Text), null)
                : new Part(part.Kind, [], Spans(batch, part.Text), part.Time, part.Escapes))]);
        }
    }

    static ByteSpan[]? Spans(RecordBatch batch, string name) =>
        name == FieldNames.Message ? batch.MessageArray : batch.FindColumn(name)?.SpanArray(batch.Count);

    /// <summary>True where the record's line is exactly what the template makes of its fields.</summary>
    /// <param name="row">The record.</param>
    /// <param name="template">1 + the template's index.</param>
    public bool Follows(int row, int template)
    {
        var batch = _batch!;
        if (template > _templates.Count)
        {
            return false;
        }

        var bytes = batch.Bytes;
        var line = batch.Lines[row];
        var at = line.Offset;
        var end = line.End;
        foreach (ref readonly var part in _templates[template - 1].AsSpan())
        {
            switch (part.Kind)
            {
                case TemplatePartKind.Literal:
                    if (end - at < part.Literal.Length || !Matches(bytes[at..], part))
                    {
                        return false;
                    }

                    at += part.Literal.Length;
                    break;
                case TemplatePartKind.ClfTime:
                    if (_zones is null || !FollowsTime(bytes[at..end], batch.Times[row], batch.Value(_zones[row]), out var length))
                    {
                        return false;
                    }

                    at += length;
                    break;
                case TemplatePartKind.Time:
                    var written = part.Time!.Write(batch.Times[row], _time);
                    if (!bytes[at..end].StartsWith(_time.AsSpan(0, written)))
                    {
                        return false;
                    }

                    at += written;
                    break;
                case TemplatePartKind.EscapedField:
                    var escaped = Escaped(part.Escapes!, part.Spans is null ? default : batch.Value(part.Spans[row]));
                    if (!bytes[at..end].StartsWith(escaped))
                    {
                        return false;
                    }

                    at += escaped.Length;
                    break;
                default:
                    var span = part.Spans is null ? ByteSpan.Absent : part.Spans[row];
                    if (span.IsAbsent)
                    {
                        if (part.Kind == TemplatePartKind.FieldOrDash)
                        {
                            if (at >= end || bytes[at] != '-')
                            {
                                return false;
                            }

                            at++;
                        }

                        break;
                    }

                    if (span.Length > end - at || (span.Offset != at && !bytes.Slice(at, span.Length).SequenceEqual(batch.Value(span))))
                    {
                        return false;
                    }

                    at += span.Length;
                    break;
            }
        }

        return at == end;
    }

    ReadOnlySpan<byte> Escaped(JsonEscapes escapes, ReadOnlySpan<byte> value)
    {
        var room = value.Length * JsonEscapes.MaxGrowth;
        if (_escaped.Length < room)
        {
            _escaped = new byte[room];
        }

        return _escaped.AsSpan(0, escapes.Write(value, _escaped));
    }

    static bool Matches(ReadOnlySpan<byte> text, in Part part) =>
        part.Mask != 0 && text.Length >= sizeof(uint)
            ? ((BinaryPrimitives.ReadUInt32LittleEndian(text) ^ part.Bits) & part.Mask) == 0
            : text.StartsWith(part.Literal);

    bool FollowsTime(ReadOnlySpan<byte> text, long time, ReadOnlySpan<byte> zone, out int length)
    {
        length = Timestamps.ClfLength;
        if (zone.Length != 5 || text.Length < length)
        {
            return false;
        }

        if (time != _clockTime || !zone.SequenceEqual(_clock.AsSpan(21)))
        {
            Timestamps.FormatClf(time, zone, _clock);
            _clockTime = time;
        }

        return text[..length].SequenceEqual(_clock);
    }
}
