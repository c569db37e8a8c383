using Puppylog.Query.Filters.Text;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Values;

/// <summary><c>field:="prefix"*</c>: the value begins with that.</summary>
sealed class ExactPrefixFilter : ValueFilter
{
    readonly string _text;
    readonly byte[] _prefix;

    public ExactPrefixFilter(string field, string text)
        : base(field)
    {
        _text = text;
        _prefix = Utf8(text);
        Fragments = [.. new TextProbe(text, wholeStart: true, wholeEnd: false).Fragments()];
        Needle = _prefix;
    }

    public override bool Matches(ReadOnlySpan<byte> value) => value.StartsWith(_prefix);

    public override string ToString() => $"{FullPrefix}={Quoting.Word(_text)}*";
}
