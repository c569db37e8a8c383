using Puppylog.Records.Columns;

namespace Puppylog.Query.Values;

/// <summary>A column as numbers: once per distinct value where there is a dictionary, integers without formatting.</summary>
sealed class NumberColumn
{
    readonly ColumnVector? _column;
    readonly long[]? _integers;
    readonly ushort[]? _codes;
    readonly Parsed[]? _parsed;

    public NumberColumn(ColumnVector? column)
    {
        _column = column;
        switch (column)
        {
            case IntegerVector integers:
                _integers = integers.Values;
                break;
            case ConstantVector constant:
                _parsed = [Parse(constant.Constant)];
                break;
            case DictionaryVector dictionary:
                _codes = dictionary.Codes;
                _parsed = new Parsed[dictionary.Values.Count];
                for (var code = 0; code < _parsed.Length; code++)
                {
                    _parsed[code] = code == dictionary.AbsentCode ? default : Parse(dictionary.Values[code]);
                }

                break;
        }
    }

    /// <summary>False where the value is no number (or absent).</summary>
    public bool TryRead(int row, out double number, out long integer, out bool isInteger)
    {
        if (_integers is not null)
        {
            integer = _integers[row];
            number = integer;
            isInteger = true;
            return _column!.IsPresent(row);
        }

        if (_parsed is not null)
        {
            var value = _parsed[_codes is null ? 0 : _codes[row]];
            (number, integer, isInteger) = (value.Number, value.Integer, value.IsInteger);
            return value.IsNumber;
        }

        if (_column is null)
        {
            (number, integer, isInteger) = (0, 0, false);
            return false;
        }

        return NumberText.TryParse(_column.Value(row), out number, out integer, out isInteger);
    }

    /// <summary>The number of a dictionary's code; false where the value is none (or absent).</summary>
    public bool TryReadCode(int code, out double number, out long integer, out bool isInteger)
    {
        var value = _parsed![code];
        (number, integer, isInteger) = (value.Number, value.Integer, value.IsInteger);
        return value.IsNumber;
    }

    static Parsed Parse(ReadOnlySpan<byte> text) =>
        NumberText.TryParse(text, out var number, out var integer, out var isInteger) ? new(number, integer, isInteger, true) : default;

    readonly record struct Parsed(double Number, long Integer, bool IsInteger, bool IsNumber);
}
