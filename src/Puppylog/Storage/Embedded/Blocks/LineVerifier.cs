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

        /// <summary>The first and the last bytes of a literal of up to 16 as numbers, and which of the first ones' bits count.</summary>
        public readonly ulong First = Load(literal, 0);
        public readonly ulong FirstMask = literal.Length == 0 ? 0 : ulong.MaxValue >> (64 - (8 * Math.Min(literal.Length, sizeof(ulong))));
        public readonly ulong Last = Load(literal, Math.Max(0, literal.Length - sizeof(ulong)));

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

        static ulong Load(byte[] literal, int at)
        {
            Span<byte> padded = stackalloc byte[sizeof(ulong)];
            padded.Clear();
            literal.AsSpan(at, Math.Min(padded.Length, literal.Length - at)).CopyTo(padded);
            return BinaryPrimitives.ReadUInt64LittleEndian(padded);
        }
    }

    readonly byte[] _time = new byte[TimeForm.MaxLength];
    readonly Dictionary<string, TimeForm> _forms = new(StringComparer.Ordinal);
    TimeForm? _writtenForm;
    long _writtenTime;
    int _written;

    /// <summary>The second of the time that was written, and where the digits of its fraction stand, if they do.</summary>
    long _second;
    bool _hasFraction;
    int _fractionAt;
    int _fractionDigits;
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
        _forms.Clear();
        _writtenForm = null;
        _templates.Clear();
        _clockTime = long.MinValue;
        _zones = batch.FindColumn(FieldNames.LineZone)?.SpanArray(batch.Count);
        _known = batch.LineTemplates;
        _templates.AddRange(Enumerable.Repeat<Step[]?>(null, _known.Count));
    }

    Step[] Steps(RecordBatch batch, LineTemplate template)
    {
        var steps = new List<Step>();
        byte[]? literal = null;
        foreach (var part in template.Parts)
        {
            if (part.Kind != TemplatePartKind.Literal)
            {
                var column = part.Text == FieldNames.Message ? null : batch.FindColumn(part.Text);
                var spans = part.Text == FieldNames.Message ? batch.MessageArray : column is { IsSparse: false } ? column.SpanArray(batch.Count) : null;
                steps.Add(new(literal ?? [], part.Kind, spans, column is { IsSparse: true } ? column : null, Known(part.Time), part.Escapes));
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

    /// <summary>One form for all that write the time in the same way.</summary>
    TimeForm? Known(TimeForm? form)
    {
        if (form is not null && !_forms.TryAdd(form.Text, form))
        {
            form = _forms[form.Text];
        }

        return form;
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
        var lastEight = bytes.Length - (2 * sizeof(ulong));
        var line = batch.LineArray[row];
        var at = line.Offset;
        var end = line.End;
        var steps = _templates[template - 1] ??= Steps(batch, _known[template - 1]);
        foreach (ref readonly var step in steps.AsSpan())
        {
            // What is read past the line's end is within the batch, and a place past it is no line's end.
            if (step.Literal.Length <= 2 * sizeof(ulong) && at <= lastEight)
            {
                ref var there = ref Unsafe.Add(ref first, at);
                if (((Unsafe.ReadUnaligned<ulong>(ref there) ^ step.First) & step.FirstMask) != 0
                    || (step.Literal.Length > sizeof(ulong) && Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref there, step.Literal.Length - sizeof(ulong))) != step.Last))
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
        if (time == _writtenTime && form == _writtenForm)
        {
            return;
        }

        var fraction = time - _second;
        if (form != _writtenForm || !_hasFraction || (ulong)fraction >= Timestamps.Second)
        {
            _written = form.Write(time, _time);
            _second = Timestamps.FloorDiv(time, Timestamps.Second) * Timestamps.Second;
            _hasFraction = form.TryFraction(out _fractionAt, out _fractionDigits);
        }
        else
        {
            WriteFraction(fraction);
        }

        _writtenTime = time;
        _writtenForm = form;
    }

    /// <summary>Of a time in the same second only the fraction is another one.</summary>
    void WriteFraction(long fraction)
    {
        for (var i = _fractionDigits; i < 9; i++)
        {
            fraction /= 10;
        }

        for (var at = _fractionAt + _fractionDigits - 1; at >= _fractionAt; at--)
        {
            _time[at] = (byte)('0' + (fraction % 10));
            fraction /= 10;
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
