using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Values;

/// <summary>
/// <c>field:&gt;"abc"</c>, <c>field:string_range(a, b)</c> (a included, b not): the value's place in the order of bytes.
/// An absent field is an empty value, which comes before all others.
/// </summary>
sealed class StringRangeFilter : ValueFilter
{
    readonly byte[]? _lower;
    readonly byte[]? _upper;
    readonly bool _lowerIncluded;
    readonly bool _upperIncluded;
    readonly string _text;

    /// <param name="field">The field.</param>
    /// <param name="lower">The lower bound; null for none.</param>
    /// <param name="lowerIncluded">True where the bound itself matches.</param>
    /// <param name="upper">The upper bound; null for none.</param>
    /// <param name="upperIncluded">True where the bound itself matches.</param>
    /// <param name="text">What stands after the field's colon.</param>
    public StringRangeFilter(string field, string? lower, bool lowerIncluded, string? upper, bool upperIncluded, string text)
        : base(field)
    {
        _lower = lower is null ? null : Utf8(lower);
        _upper = upper is null ? null : Utf8(upper);
        _lowerIncluded = lowerIncluded;
        _upperIncluded = upperIncluded;
        _text = text;
    }

    public static StringRangeFilter Between(string field, string lower, string upper) =>
        new(field, lower, true, upper, false, $"string_range({Quoting.Word(lower)}, {Quoting.Word(upper)})");

    public override bool Matches(ReadOnlySpan<byte> value) =>
        (_lower is null || Math.Sign(value.SequenceCompareTo(_lower)) >= (_lowerIncluded ? 0 : 1))
        && (_upper is null || Math.Sign(value.SequenceCompareTo(_upper)) <= (_upperIncluded ? 0 : -1));

    public override string ToString() => FullPrefix + _text;
}
