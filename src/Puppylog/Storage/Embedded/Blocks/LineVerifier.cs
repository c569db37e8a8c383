using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    readonly struct Step(byte[] literal, TemplatePartKind field, ByteSpan[]? spans, BatchColumn? sparse = null, TimeForm? time = null, JsonEscapes? escapes = null)
    {
        public readonly byte[] Literal = literal;

        /// <summary>A literal of up to four bytes as a number, and which of its bits count.</summary>
        public readonly uint Bits = Load(literal);
        public readonly uint Mask = literal.Length is 0 or > 4 ? 0 : uint.MaxValue >> (32 - (8 * literal.Length));

        /// <summary><see cref="TemplatePartKind.Literal"/> where no field follows.</summary>
        public readonly TemplatePartKind Field = field;

        /// <summary>The field's place per record; null where no or few records have it.</summary>
        public readonly ByteSpan[]? Spans = spans;

        /// <summary>A field that few records have. Spread over all records it would cost each template that names it as much as a full one.</summary>
        public readonly BatchColumn? Sparse = sparse;

        /// <summary><see cref="Spans"/> where a value stands in the line as it is.</summary>
        public readonly ByteSpan[]? Values = field is TemplatePartKind.Field or TemplatePartKind.FieldOrDash ? spans : null;
        public readonly TimeForm? Time = time;
        public readonly JsonEscapes? Escapes = escapes;

        public ByteSpan Span(int row) => Spans is not null ? Spans[row] : Sparse?.Span(row) ?? ByteSpan.Absent;

        static uint Load(byte[] literal)
        {
            Span<byte> padded = stackalloc byte[4];
            padded.Clear();
            literal.AsSpan(0, Math.Min(4, literal.Length)).CopyTo(padded);
            return BinaryPrimitives.ReadUInt32LittleEndian(padded);
        }
    }

    readonly byte[] _time = new byte[TimeForm.MaxLength];
    TimeForm? _writtenForm;
    long _writtenTime;
    int _written;
    byte[] _escaped = new byte[512];
    readonly byte[] _clock = new byte[Timestamps.ClfLength];

    /// <summary>The steps of the batch's templates; null while no record has claimed the template.</summary>
    readonly List<Step[]?> _templates = [];
    IReadOnlyList<LineTemplate> _known = [];
    ByteSpan[]? _zones;
    long _clockTime = long.MinValue;
    RecordBatch? _batch;

    /// <summary>Prepares for a batch; the columns of a template are looked up when a record claims it.</summary>
    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _templates.Clear();
        _clockTime = long.MinValue;
        _zones = batch.FindColumn(FieldNames.LineZone)?.SpanArray(batch.Count);
        _known = batch.LineTemplates;
        _templates.AddRange(Enumerable.Repeat<Step[]?>(null, _known.Count));
    }

    static Step[] Steps(RecordBatch batch, LineTemplate template)
    {
        var steps = new List<Step>();
        byte[]? literal = null;
        foreach (var part in template.Parts)
        {
            if (part.Kind != TemplatePartKind.Literal)
            {
                var column = part.Text == FieldNames.Message ? null : batch.FindColumn(part.Text);
                var spans = part.Text == FieldNames.Message ? batch.MessageArray : column is { IsSparse: false } ? column.SpanArray(batch.Count) : null;
                steps.Add(new(literal ?? [], part.Kind, spans, column is { IsSparse: true } ? column : null, part.Time, part.Escapes));
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
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var lastFour = bytes.Length - sizeof(uint);
        var line = batch.LineArray[row];
        var at = line.Offset;
        var end = line.End;
        var steps = _templates[template - 1] ??= Steps(batch, _known[template - 1]);
        foreach (ref readonly var step in steps.AsSpan())
        {
            // What is read past the line's end is within the batch, and a place past it is no line's end.
            if (step.Mask != 0 && at <= lastFour)
            {
                if (((Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at)) ^ step.Bits) & step.Mask) != 0)
                {
                    return false;
                }
            }
            else if (step.Literal.Length > end - at || !bytes[at..end].StartsWith(step.Literal))
            {
                return false;
            }

            at += step.Literal.Length;
            if (step.Values is { } values)
            {
                var value = values[row];
                if (value.Offset == at && value.Length >= 0)
                {
                    at += value.Length;
                    continue;
                }
            }

            if (at > end)
            {
                return false;
            }

            switch (step.Field)
            {
                case TemplatePartKind.Literal:
                    break;
                case TemplatePartKind.ClfTime:
                    if (_zones is null || !FollowsTime(bytes[..end], at, batch.TimeArray[row], _zones[row], out var length))
                    {
                        return false;
                    }

                    at += length;
                    break;
                case TemplatePartKind.Time:
                    Write(step.Time!, batch.TimeArray[row]);
                    if (!bytes[at..end].StartsWith(_time.AsSpan(0, _written)))
                    {
                        return false;
                    }

                    at += _written;
                    break;
                case TemplatePartKind.EscapedField:
                    var escaped = Escaped(step.Escapes!, batch.Value(step.Span(row)));
                    if (!bytes[at..end].StartsWith(escaped))
                    {
                        return false;
                    }

                    at += escaped.Length;
                    break;
                default:
                    var span = step.Span(row);
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

    /// <summary>Writes a time, unless it is the one that was written last: neighbouring lines mostly have the same second.</summary>
    void Write(TimeForm form, long time)
    {
        if (time != _writtenTime || form != _writtenForm)
        {
            _written = form.Write(time, _time);
            _writtenTime = time;
            _writtenForm = form;
        }
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

    bool FollowsTime(ReadOnlySpan<byte> text, int at, long time, ByteSpan zone, out int length)
    {
        length = Timestamps.ClfLength;
        if (zone.Length != 5 || text.Length - at < length)
        {
            return false;
        }

        text = text.Slice(at, Timestamps.ClfLength);
        // Where the zone lies within the time, it is equal where that is.
        if (time != _clockTime || (zone.Offset != at + Timestamps.ClfLength - 5 && !_batch!.Value(zone).SequenceEqual(_clock.AsSpan(21))))
        {
            Timestamps.FormatClf(time, _batch!.Value(zone), _clock);
            _clockTime = time;
        }
        else if (!text.SequenceEqual(_clock))
        {
            // Another zone in the same second.
            Timestamps.FormatClf(time, _batch!.Value(zone), _clock);
        }

        return text.SequenceEqual(_clock);
    }
}
