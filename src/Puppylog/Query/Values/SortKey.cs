using Puppylog.Records;

namespace Puppylog.Query.Values;

/// <summary>
/// What a value is sorted by: absent and empty first, then numbers by value, then times, then texts in natural order
/// (<see cref="NaturalOrder"/>). Kinds are kept apart because comparing <c>1e3</c> with <c>2</c> as numbers but with
/// <c>1z</c> as texts would be no order at all.
/// </summary>
readonly struct SortKey
{
    readonly double _number;
    readonly long _integer;
    readonly byte _kind;
    readonly bool _isFloat;

    SortKey(byte kind, double number, long integer, bool isFloat)
    {
        _kind = kind;
        _number = number;
        _integer = integer;
        _isFloat = isFloat;
    }

    public bool IsText => _kind == 3;

    public static SortKey OfInteger(long value) => new(1, value, value, false);

    /// <param name="nanoseconds">Since 1970, UTC.</param>
    public static SortKey OfTime(long nanoseconds) => new(2, 0, nanoseconds, false);

    public static SortKey Of(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return default;
        }

        if (NumberText.TryParse(value, out var number, out var integer, out var isInteger))
        {
            return new(1, number, integer, !isInteger);
        }

        return value.Length >= 20 && value[4] == '-' && value[10] == 'T' && Timestamps.TryParseIso(value, out var time, out var length) && length == value.Length
            ? OfTime(time)
            : new(3, 0, 0, false);
    }

    /// <summary>The order of two values by their keys; 0 for two texts, whose bytes decide.</summary>
    public int CompareTo(in SortKey other)
    {
        if (_kind != other._kind)
        {
            return _kind.CompareTo(other._kind);
        }

        var order = _number.CompareTo(other._number);
        order = order != 0 ? order : _isFloat.CompareTo(other._isFloat);
        return order != 0 ? order : _integer.CompareTo(other._integer);
    }
}
