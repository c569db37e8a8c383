using System.Globalization;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Values;

/// <summary><c>field:=value</c>, also written <c>field=value</c>: the value is exactly that.</summary>
sealed class ExactFilter : ValueFilter
{
    readonly string _text;
    readonly byte[] _value;

    public ExactFilter(string field, string text)
        : base(field)
    {
        _text = text;
        _value = Utf8(text);
        Fragments = [.. new TextProbe(text, wholeStart: true, wholeEnd: true).Fragments()];
        Needle = _value;
    }

    public override bool Matches(ReadOnlySpan<byte> value) => value.SequenceEqual(_value);

    public override bool TryGetIntegers(out long min, out long max)
    {
        var isInteger = TryCanonicalInteger(_text, out min);
        max = min;
        if (!isInteger)
        {
            (min, max) = (1, 0);
        }

        return _text.Length > 0;
    }

    public override string ToString() => $"{FullPrefix}={Quoting.Word(_text)}";

    /// <summary>The integer whose text is exactly this one.</summary>
    public static bool TryCanonicalInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value.ToString(CultureInfo.InvariantCulture) == text;
}
