using System.Buffers.Text;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// A column as a small number per row, equal for equal values, so that grouping works on integers and looks each distinct
/// value up once per block.
/// </summary>
sealed class ColumnCodes
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
        Codes = new int[rows.Length];
        switch (column)
        {
            case null or ConstantVector:
                Count = 1;
                break;
            case DictionaryVector dictionary:
                Count = dictionary.Values.Count;
                for (var i = 0; i < rows.Length; i++)
                {
                    Codes[i] = dictionary.Codes[rows[i]];
                }

                break;
            case TimestampVector times:
                _integers = new LongTable();
                for (var i = 0; i < rows.Length; i++)
                {
                    var time = times.Nanoseconds[rows[i]];
                    Codes[i] = _integers.GetOrAdd(bucket is null ? time : bucket.Floor(time));
                }

                Count = _integers.Count;
                break;
            case IntegerVector integers when bucket is null || (bucket.IsWhole && bucket.Months == 0):
                _integers = new LongTable();
                _absent = integers.Present is null ? 0 : 1;
                for (var i = 0; i < rows.Length; i++)
                {
                    if (integers.IsPresent(rows[i]))
                    {
                        var value = integers.Values[rows[i]];
                        Codes[i] = _absent + _integers.GetOrAdd(bucket is null ? value : bucket.Floor(value));
                    }
                }

                Count = _absent + _integers.Count;
                break;
            default:
                _texts = new KeyTable(null);
                for (var i = 0; i < rows.Length; i++)
                {
                    Codes[i] = _texts.GetOrAdd(column.Value(rows[i]));
                }

                Count = _texts.Count;
                break;
        }
    }

    /// <summary>The code of each of the rows.</summary>
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
}
