using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>One field of a <see cref="RowStore"/>: times as integers where all are times, else places in its buffer.</summary>
sealed class RowColumn(string name, bool isTime)
{
    public delegate ByteSpan Appender(ReadOnlySpan<byte> value);

    ByteSpan[] _spans = [];
    int _filled;

    public string Name { get; } = name;

    public long[]? Times { get; private set; } = isTime ? [] : null;

    /// <summary>Returns the bytes that the column has grown by.</summary>
    public long Set(int row, ByteSpan span)
    {
        var grown = Grow(row);
        _spans.AsSpan(_filled, row - _filled).Fill(ByteSpan.Absent);
        _spans[row] = span;
        _filled = row + 1;
        return grown;
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

        Grow(count - 1);
        _spans.AsSpan(_filled, count - _filled).Fill(ByteSpan.Absent);
        return new TextVector(count, bytes, _spans);
    }

    long Grow(int row)
    {
        if (row < _spans.Length)
        {
            return 0;
        }

        var size = Math.Max(64, Math.Max(row + 1, _spans.Length * 2));
        var grown = (size - _spans.Length) * 8L;
        Array.Resize(ref _spans, size);
        return grown;
    }
}
