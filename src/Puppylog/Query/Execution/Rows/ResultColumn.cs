using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>Builds a column of computed values, a row at a time.</summary>
sealed class ResultColumn(int count)
{
    readonly ByteSpan[] _spans = new ByteSpan[count];
    byte[] _bytes = new byte[Math.Max(64, count * 8)];
    int _rows;
    int _length;

    public void Add(ReadOnlySpan<byte> value)
    {
        if (_length + value.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + value.Length, _bytes.Length * 2));
        }

        value.CopyTo(_bytes.AsSpan(_length));
        _spans[_rows++] = value.IsEmpty ? ByteSpan.Absent : new(_length, value.Length);
        _length += value.Length;
    }

    /// <param name="asTimes">True to read the values as times where all of them are.</param>
    public ColumnVector ToVector(bool asTimes = false)
    {
        var text = new TextVector(count, _bytes, _spans);
        var times = new long[asTimes ? count : 0];
        for (var row = 0; row < times.Length; row++)
        {
            if (!Timestamps.TryParseIso(text.Value(row), out times[row], out var length) || length != text.Value(row).Length)
            {
                return text;
            }
        }

        return asTimes && count > 0 ? new TimestampVector(count, times) : text;
    }
}
