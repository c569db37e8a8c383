using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// A column as a small number per row, equal for equal values, so that grouping works on integers and looks each distinct
/// value up once per block. Disposed of when the block is done.
/// </summary>
sealed class ColumnCodes : IDisposable
{
    readonly ColumnVector? _column;
    readonly Bucket? _bucket;
    readonly LongTable? _integers;
    readonly KeyTable? _texts;
    readonly byte[] _scratch = new byte[32];

    /// <summary>1 where code 0 stands for integers that are absent.</summary>
    readonly int _absent;

    /// <param name="column">Null where no record has the field.</param>
    /// <param name="rows">The rows that are grouped.</param>
    /// <param name="bucket">The step, or null.</param>
    public ColumnCodes(ColumnVector? column, ReadOnlySpan<int> rows, Bucket? bucket)
    {
        _column = column;
        _bucket = bucket;
        Codes = ArrayPool<int>.Shared.Rent(rows.Length);
        var codes = Codes.AsSpan(0, rows.Length);
        switch (column)
        {
            case null or ConstantVector:
                codes.Clear();
                Count = 1;
                break;
            case DictionaryVector dictionary:
                Count = dictionary.DistinctCount;
                Gather(dictionary.Codes.AsSpan(0, dictionary.Count), rows, codes);
                break;
            case TimestampVector times:
                _integers = new LongTable();
                Number(times.Nanoseconds, null, rows, codes);
                Count = _integers.Count;
                break;
            case IntegerVector integers when bucket is null || (bucket.IsWhole && bucket.Months == 0):
                _integers = new LongTable();
                _absent = integers.Present is null ? 0 : 1;
                Number(integers.Values, integers.Present, rows, codes);
                Count = _absent + _integers.Count;
                break;
            case Ipv4Vector addresses when bucket is null:
                _integers = new LongTable();
                _absent = addresses.Present is null ? 0 : 1;
                for (var i = 0; i < rows.Length; i++)
                {
                    codes[i] = addresses.IsPresent(rows[i]) ? _absent + _integers.GetOrAdd(addresses.Addresses[rows[i]]) : 0;
                }

                Count = _absent + _integers.Count;
                break;
            default:
                _texts = new KeyTable(null);
                for (var i = 0; i < rows.Length; i++)
                {
                    codes[i] = _texts.GetOrAdd(column.Value(rows[i]));
                }

                Count = _texts.Count;
                break;
        }
    }

    /// <summary>The code of each of the rows (the array may be longer than the rows).</summary>
    public int[] Codes { get; }

    /// <summary>Above every code.</summary>
    public int Count { get; }

    /// <summary>The value, or its bucket, of a code; holds until the next call.</summary>
    public ReadOnlySpan<byte> Value(int code)
    {
        if (code < _absent)
        {
            return default;
        }

        if (_integers is not null)
        {
            var value = _integers[code - _absent];
            if (_column is TimestampVector)
            {
                return _scratch.AsSpan(0, Timestamps.FormatRfc3339(value, _scratch));
            }

            if (_column is Ipv4Vector)
            {
                return _scratch.AsSpan(0, Ipv4Vector.Format((uint)value, _scratch));
            }

            Utf8Formatter.TryFormat(value, _scratch, out var written);
            return _scratch.AsSpan(0, written);
        }

        var text = _texts is not null ? _texts[code] : _column switch
        {
            ConstantVector constant => constant.Constant,
            DictionaryVector dictionary => dictionary.Values[code],
            _ => default,
        };
        return _bucket is null ? text : _bucket.Apply(text);
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(Codes);

    static void Gather(ReadOnlySpan<ushort> values, ReadOnlySpan<int> rows, Span<int> codes)
    {
        if (!RowRange.IsFirst(rows))
        {
            for (var i = 0; i < rows.Length; i++)
            {
                codes[i] = values[rows[i]];
            }

            return;
        }

        values = values[..codes.Length];
        var whole = codes.Length - (codes.Length % Vector<ushort>.Count);
        for (var i = 0; i < whole; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(values[i..]), out var low, out var high);
            Vector.AsVectorInt32(low).CopyTo(codes[i..]);
            Vector.AsVectorInt32(high).CopyTo(codes[(i + Vector<int>.Count)..]);
        }

        for (var i = whole; i < codes.Length; i++)
        {
            codes[i] = values[i];
        }
    }

    /// <summary>Numbers integers, or their buckets: once for a run of neighbours in the same bucket.</summary>
    void Number(long[] values, RowBitmap? present, ReadOnlySpan<int> rows, Span<int> codes)
    {
        var (start, end, code) = (0L, 0L, 0);
        for (var i = 0; i < rows.Length; i++)
        {
            if (present is not null && !present[rows[i]])
            {
                codes[i] = 0;
                continue;
            }

            var value = values[rows[i]];
            if (value < start || value >= end)
            {
                (start, end) = _bucket is null ? (value, value) : _bucket.Range(value);
                code = _absent + _integers!.GetOrAdd(start);
            }

            codes[i] = code;
        }
    }
}
