using Puppylog.Records.Columns;

namespace Puppylog.Query.Values;

/// <summary>A column's values as sort keys: once per distinct value where there is a dictionary.</summary>
sealed class SortColumn
{
    readonly ColumnVector? _column;
    readonly SortKey[]? _byCode;

    public SortColumn(ColumnVector? column)
    {
        _column = column;
        if (column is DictionaryVector dictionary)
        {
            _byCode = new SortKey[dictionary.Values.Count];
            for (var code = 0; code < _byCode.Length; code++)
            {
                _byCode[code] = SortKey.Of(dictionary.Values[code]);
            }
        }
    }

    public ReadOnlySpan<byte> Text(int row) => _column is null ? default : _column.Value(row);

    public SortKey Key(int row) => _column switch
    {
        null => default,
        DictionaryVector dictionary => _byCode![dictionary.Codes[row]],
        TimestampVector times => SortKey.OfTime(times.Nanoseconds[row]),
        IntegerVector integers => integers.IsPresent(row) ? SortKey.OfInteger(integers.Values[row]) : default,
        _ => SortKey.Of(_column.Value(row)),
    };
}
