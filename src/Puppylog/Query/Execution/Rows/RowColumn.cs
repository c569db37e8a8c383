using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>One field of a <see cref="RowStore"/>: times as integers where all are times, else places in its buffer.</summary>
sealed class RowColumn(string name, bool isTime)
{
    public delegate ByteSpan Appender(ReadOnlySpan<byte> value);

    readonly BatchColumn _values = new(name);
    int _filled;

    public string Name { get; } = name;

    public long[]? Times { get; private set; } = isTime ? [] : null;

    /// <summary>Returns the bytes that the column has grown by.</summary>
    public long Set(int row, ByteSpan span)
    {
        var before = _values.Room;
        _values.Set(row, span);
        _filled = row + 1;
        return _values.Room - before;
    }

    public long SetTime(int row, long time)
    {
        var grown = 0L;
        if (row >= Times!.Length)
        {
            var size = Math.Max(64, Math.Max(row + 1, Times.Length * 2));
            grown = (size - Times.Length) * 8L;
            var times = Times;
            Array.Resize(ref times, size);
            Times = times;
        }

        // No gap: a view without the field makes the column text (RowStore.Bind).
        Times[row] = time;
        _filled = row + 1;
        return grown;
    }

    /// <summary>A later view has the field as text: the times so far become what they print as.</summary>
    public void BecomeText(int count, Appender append)
    {
        var times = new TimestampVector(_filled, Times!);
        var filled = Math.Min(_filled, count);
        Times = null;
        _filled = 0;
        for (var row = 0; row < filled; row++)
        {
            Set(row, append(times.Value(row)));
        }
    }

    public ColumnVector ToVector(int count, byte[] bytes)
    {
        if (Times is not null)
        {
            return new TimestampVector(count, Times);
        }

        return _values.IsSparse
            ? new SparseVector(count, _values.Rows.ToArray(), new TextVector(_values.Rows.Length, bytes, _values.Entries.ToArray()))
            : new TextVector(count, bytes, _values.SpanArray(count));
    }
}
