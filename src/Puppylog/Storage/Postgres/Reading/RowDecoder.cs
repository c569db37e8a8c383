using System.Buffers.Binary;
using System.Buffers.Text;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Writing;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>
/// Rows of <c>logs</c> into a batch. A row comes as one value, made by the server's record_send: each column's type, length
/// and binary value, so that no value becomes an object on its way. One thread at a time.
/// </summary>
sealed class RowDecoder
{
    /// <summary>What a row is selected as.</summary>
    public static string Selected { get; } =
        $"record_send(ROW(time, nanos, seq, stream_id, message, raw, {string.Join(", ", LogColumn.All.Select(column => column.Name))}, data))";

    readonly BatchColumn?[] _columns = new BatchColumn?[LogColumn.All.Count];
    readonly ByteSpan[] _values = new ByteSpan[LogColumn.All.Count];
    readonly DataReader _data = new();
    int[] _streams = new int[1024];
    RecordBatch _batch = null!;

    /// <summary>The number of each row's stream, 0 for none.</summary>
    public ReadOnlySpan<int> Streams => _streams.AsSpan(0, _batch.Count);

    /// <summary>The place in the order of rows of the first row.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>False for a row that somebody else wrote without a message.</summary>
    public bool HasMessage { get; private set; }

    public void Begin(RecordBatch batch)
    {
        _batch = batch;
        Array.Clear(_columns);
        Array.Fill(_values, ByteSpan.Absent);
        _data.Begin(batch);
    }

    /// <exception cref="CorruptDataException">The server sent something else.</exception>
    public void Add(ReadOnlySpan<byte> row)
    {
        if (row.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(row) != LogColumn.All.Count + 7)
        {
            throw new CorruptDataException("PostgreSQL sent a row of another form");
        }

        row = row[4..];
        var time = BinaryPrimitives.ReadInt64BigEndian(Next(ref row));
        var nanos = BinaryPrimitives.ReadInt16BigEndian(Next(ref row));
        var seq = BinaryPrimitives.ReadInt64BigEndian(Next(ref row));
        var stream = TryNext(ref row, out var number) ? BinaryPrimitives.ReadInt32BigEndian(number) : 0;
        HasMessage = TryNext(ref row, out var text);
        var message = HasMessage ? _batch.Append(text) : ByteSpan.Absent;
        var line = message;
        if (TryNext(ref row, out var raw))
        {
            line = _batch.Append(raw);
            if (HasMessage && StorableText.IsMadeOf(text, raw))
            {
                message = line;
            }
        }

        if (_batch.Count == 0)
        {
            FirstSeq = seq;
        }

        if (_batch.Count == _streams.Length)
        {
            Array.Resize(ref _streams, _streams.Length * 2);
        }

        _streams[_batch.Count] = stream;
        var place = _batch.Add(PostgresTime.Nanoseconds(time, nanos), line, message, 0);
        for (var i = 0; i < _columns.Length; i++)
        {
            Field(i, place, ref row);
        }

        if (TryNext(ref row, out var data) && data.Length > 1)
        {
            _data.Read(place, data[1..], this);
        }

        if (!HasMessage)
        {
            // Somebody else wrote it. What says most about it stands for the message.
            message = _data.Message.IsAbsent ? EventOf() : _data.Message;
            _batch.SetMessage(place, message, line.IsAbsent ? message : line);
        }
    }

    /// <summary>True where the row that is being added has a value in the column of that field; and whether it is this one.</summary>
    public bool HasOwn(string field, ReadOnlySpan<byte> value, out bool isSame)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (LogColumn.All[i].Field == field && !_values[i].IsAbsent)
            {
                isSame = _batch.Value(_values[i]).SequenceEqual(value);
                return true;
            }
        }

        isSame = false;
        return false;
    }

    void Field(int at, int row, ref ReadOnlySpan<byte> rest)
    {
        var column = LogColumn.All[at];
        if (!TryNext(ref rest, out var value) || (column.Type == LogColumnType.Key && value.IsEmpty))
        {
            _values[at] = ByteSpan.Absent;
            return;
        }

        var target = _columns[at] ??= _batch.Column(column.Field);
        switch (column.Type)
        {
            case LogColumnType.Integer:
                Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt32BigEndian(value), _batch.Reserve(32), out var length);
                _values[at] = _batch.Advance(length);
                target.Set(row, _values[at], ValueKind.Number);
                break;
            case LogColumnType.Bigint:
                Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt64BigEndian(value), _batch.Reserve(32), out length);
                _values[at] = _batch.Advance(length);
                target.Set(row, _values[at], ValueKind.Number);
                break;
            case LogColumnType.Double:
                BinaryPrimitives.ReadDoubleBigEndian(value).TryFormat(_batch.Reserve(32), out length, default, System.Globalization.CultureInfo.InvariantCulture);
                _values[at] = _batch.Advance(length);
                target.Set(row, _values[at], ValueKind.Number);
                break;
            default:
                // Neighbours mostly have the same.
                if (_values[at].Length != value.Length || !_batch.Value(_values[at]).SequenceEqual(value))
                {
                    _values[at] = _batch.Append(value);
                }

                target.Set(row, _values[at]);
                break;
        }
    }

    ByteSpan EventOf()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (LogColumn.All[i].Field == FieldNames.LogEvent && !_values[i].IsAbsent)
            {
                return _values[i];
            }
        }

        return _batch.Append([]);
    }

    static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> row) =>
        TryNext(ref row, out var value) && value.Length >= 2 ? value : throw new CorruptDataException("PostgreSQL sent a row without a time");

    /// <summary>False for null.</summary>
    static bool TryNext(ref ReadOnlySpan<byte> row, out ReadOnlySpan<byte> value)
    {
        var length = row.Length < 8 ? -2 : BinaryPrimitives.ReadInt32BigEndian(row[4..]);
        if (length < -1 || length > row.Length - 8)
        {
            throw new CorruptDataException("PostgreSQL sent a row that ends too early");
        }

        value = length < 0 ? default : row.Slice(8, length);
        row = row[(8 + value.Length)..];
        return length >= 0;
    }
}
