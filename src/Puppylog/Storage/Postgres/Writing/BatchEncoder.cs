using System.Buffers.Text;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>A batch's records as rows of COPY's binary format, straight from the batch's bytes. One thread at a time.</summary>
sealed class BatchEncoder(CopyBuffer target)
{
    readonly DataWriter _data = new(target);
    readonly List<FieldSource> _fields = [];
    RecordBatch _batch = null!;
    long _firstSeq;
    int[] _streams = [];
    bool _isStorable;
    long _replaced;

    /// <summary>The columns, in the order of <see cref="Encode"/>.</summary>
    public static string CopyCommand { get; } =
        $"COPY logs (time, nanos, seq, xact, stream_id, message, raw, {string.Join(", ", LogColumn.All.Select(column => column.Name))}, data) FROM STDIN (FORMAT BINARY)";

    static short ColumnCount { get; } = (short)(LogColumn.All.Count + 8);

    /// <summary>Values of which bytes were replaced, as PostgreSQL does not hold them.</summary>
    public long Replaced => _replaced + _data.Replaced;

    /// <param name="batch">The batch.</param>
    /// <param name="number">The batch's number.</param>
    /// <param name="streams">The number of each record's stream, 0 for none.</param>
    public void Begin(RecordBatch batch, long number, int[] streams)
    {
        _batch = batch;
        _firstSeq = number << SchemaSteps.PlaceBits;
        _streams = streams;
        _isStorable = StorableText.IsStorable(batch.Bytes);
        _fields.Clear();
        _fields.AddRange(LogColumn.All.Select(column => new FieldSource(batch, column)));
        _data.Begin(batch, _isStorable);
    }

    public void Encode(int row)
    {
        var time = _batch.Times[row];
        target.Int16(ColumnCount);
        target.Int64Field(PostgresTime.Microseconds(time));
        target.Int16Field(PostgresTime.Nanos(time));
        target.Int64Field(_firstSeq + row);
        target.Null();
        if (_streams[row] == 0)
        {
            target.Null();
        }
        else
        {
            target.Int32Field(_streams[row]);
        }

        Message(row);
        foreach (var field in _fields)
        {
            Field(field, row);
        }

        _data.Write(row);
    }

    void Message(int row)
    {
        var message = _batch.Messages[row];
        var line = _batch.Lines[row];
        var isWhole = Text(message);
        if (isWhole && (message == line || _batch.Value(message).SequenceEqual(_batch.Value(line))))
        {
            target.Null();
        }
        else
        {
            target.BytesField(_batch.Value(line));
        }
    }

    void Field(FieldSource field, int row)
    {
        var span = field.IsAbsent ? ByteSpan.Absent : field.Value(row);
        switch (field.Column.Type)
        {
            case LogColumnType.Key when span.Length > LogColumn.MaxKeyLength:
                Unfit(field, row, span);
                target.Int32(0);
                break;
            case LogColumnType.Key when span.IsAbsent:
                target.Int32(0);
                break;
            case LogColumnType.Text or LogColumnType.Key when !span.IsAbsent:
                Text(span);
                break;
            case LogColumnType.Integer when TryInteger(span, out var value) && value is >= int.MinValue and <= int.MaxValue:
                target.Int32Field((int)value);
                break;
            case LogColumnType.Bigint when TryInteger(span, out var value):
                target.Int64Field(value);
                break;
            case LogColumnType.Double when TryDouble(span, out var value):
                target.DoubleField(value);
                break;
            default:
                if (!span.IsAbsent)
                {
                    Unfit(field, row, span);
                }

                target.Null();
                break;
        }
    }

    void Unfit(FieldSource field, int row, ByteSpan span)
    {
        if (!field.IsInData(row))
        {
            _data.AddUnfit(field.Column, span);
        }
    }

    /// <summary>A text field; false where bytes were replaced.</summary>
    bool Text(ByteSpan span)
    {
        var value = _batch.Value(span);
        if (_isStorable ? StorableText.IsWhole(_batch.Bytes, span.Offset, span.Length) : StorableText.IsStorable(value))
        {
            target.BytesField(value);
            return true;
        }

        var at = target.BeginField();
        StorableText.Write(value, target);
        target.EndField(at);
        _replaced++;
        return false;
    }

    /// <summary>An integer whose text is exactly this one.</summary>
    bool TryInteger(ByteSpan span, out long value)
    {
        var text = _batch.Value(span);
        value = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        var digits = text[0] == '-' ? text[1..] : text;
        var isCanonical = !digits.IsEmpty && digits[0] is >= (byte)'0' and <= (byte)'9' && (digits[0] != '0' || text.Length == 1);
        return isCanonical && Utf8Parser.TryParse(text, out value, out var taken) && taken == text.Length;
    }

    /// <summary>A number that is written as its shortest form.</summary>
    bool TryDouble(ByteSpan span, out double value)
    {
        var text = _batch.Value(span);
        Span<byte> written = stackalloc byte[32];
        value = 0;
        return !text.IsEmpty && text.Length <= 24 && Utf8Parser.TryParse(text, out value, out var taken) && taken == text.Length && double.IsFinite(value)
            && value.TryFormat(written, out var length, default, System.Globalization.CultureInfo.InvariantCulture) && text.SequenceEqual(written[..length]);
    }
}
