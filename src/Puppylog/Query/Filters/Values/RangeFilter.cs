using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Values;

/// <summary>
/// <c>field:&gt;10</c>, <c>field:&lt;=1.5s</c>, <c>field:range(1, 10]</c>: the value is a number within the bounds. A value
/// that is no number does not match.
/// </summary>
sealed class RangeFilter : ValueFilter
{
    readonly NumberBound _lower;
    readonly NumberBound _upper;
    readonly long _least = 1;
    readonly long _most;
    readonly string _text;

    /// <param name="field">The field.</param>
    /// <param name="lower">The lower bound; minus infinity for none.</param>
    /// <param name="upper">The upper bound; infinity for none.</param>
    /// <param name="text">What stands after the field's colon.</param>
    public RangeFilter(string field, NumberBound lower, NumberBound upper, string text)
        : base(field)
    {
        _lower = lower;
        _upper = upper;
        _text = text;
        if (lower.TryGetLeast(out var least) && upper.TryGetMost(out var most) && least <= most)
        {
            _least = least;
            _most = most;
        }
    }

    public override bool Matches(ReadOnlySpan<byte> value) =>
        Number.TryParse(value, out var number)
        && (number.IsInteger ? number.Integer >= _least && number.Integer <= _most : _lower.IsBelow(number.Float) && _upper.IsAbove(number.Float));

    public override bool TryGetIntegers(out long min, out long max)
    {
        min = _least;
        max = _most;
        return true;
    }

    public override string ToString() => FullPrefix + _text;
}
