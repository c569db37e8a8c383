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
    /// <summary>A literal of a template, which may be empty, and the field behind it.</summary>
    readonly struct Step(byte[] literal, TemplatePartKind field, ByteSpan[]? spans, TimeForm? time = null, JsonEscapes? escapes = null)
    {
        public readonly byte[] Literal = literal;

        /// <summary>A literal of up to four bytes as a number, and which of its bits count.</summary>
        public readonly uint Bits = Load(literal);
        public readonly uint Mask = literal.Length is 0 or > 4 ? 0 : uint.MaxValue >> (32 - (8 * literal.Length));

        /// <summary><see cref="TemplatePartKind.Literal"/> where no field follows.</summary>
        public readonly TemplatePartKind Field = field;
        public readonly ByteSpan[]? Spans = spans;
        public readonly TimeForm? Time = time;
        public readonly JsonEscapes? Escapes = escapes;

        static uint Load(byte[] literal)
        {
            Span<byte> padded = stackalloc byte[4];
            padded.Clear();
            literal.AsSpan(0, Math.Min(4, literal.Length)).CopyTo(padded);
            return BinaryPrimitives.ReadUInt32LittleEndian(padded);
        }
    }

    readonly byte[] _time = new byte[TimeForm.MaxLength];
    byte[] _escaped = new byte[512];
    readonly byte[] _clock = new byte[Timestamps.ClfLength];
    readonly List<Step[]> _templates = [];
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
            _templates.Add(Steps(batch, template));
        }
    }

    static Step[] Steps(RecordBatch batch, LineTemplate template)
    {
        var steps = new List<Step>();
        byte[]? literal = null;
        foreach (var part in template.Parts)
        {
            if (part.Kind != TemplatePartKind.Literal)
            {
                steps.Add(new(literal ?? [], part.Kind, Spans(batch, part.Text), part.Time, part.Escapes));
                literal = null;
                continue;
            }

            if (literal is not null)
            {
                steps.Add(new(literal, TemplatePartKind.Literal, null));
            }

            literal = Encoding.UTF8.GetBytes(part.Text);
        }

        if (literal is not null)
        {
            steps.Add(new(literal, TemplatePartKind.Literal, null));
        }

        return [.. steps];
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
        foreach (ref readonly var step in _templates[template - 1].AsSpan())
        {
            if (end - at < step.Literal.Length || !Matches(bytes[at..], step))
            {
                return false;
            }

            at += step.Literal.Length;
            switch (step.Field)
            {
                case TemplatePartKind.Literal:
                    break;
                case TemplatePartKind.ClfTime:
                    if (_zones is null || !FollowsTime(bytes[at..end], batch.Times[row], batch.Value(_zones[row]), out var length))
                    {
                        return false;
                    }

                    at += length;
                    break;
                case TemplatePartKind.Time:
                    var written = step.Time!.Write(batch.Times[row], _time);
                    if (!bytes[at..end].StartsWith(_time.AsSpan(0, written)))
                    {
                        return false;
                    }

                    at += written;
                    break;
                case TemplatePartKind.EscapedField:
                    var escaped = Escaped(step.Escapes!, step.Spans is null ? default : batch.Value(step.Spans[row]));
                    if (!bytes[at..end].StartsWith(escaped))
                    {
                        return false;
                    }

                    at += escaped.Length;
                    break;
                default:
                    var span = step.Spans is null ? ByteSpan.Absent : step.Spans[row];
                    if (span.IsAbsent)
                    {
                        if (step.Field == TemplatePartKind.FieldOrDash)
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

    static bool Matches(ReadOnlySpan<byte> text, in Step step) =>
        step.Mask != 0 && text.Length >= sizeof(uint)
            ? ((BinaryPrimitives.ReadUInt32LittleEndian(text) ^ step.Bits) & step.Mask) == 0
            : text.StartsWith(step.Literal);

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
