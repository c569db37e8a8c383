using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Text;

/// <summary><c>i(error)</c>, <c>i("cannot open")</c>, <c>i(err*)</c>: as a word, phrase or prefix, whatever the case.</summary>
sealed class AnyCaseFilter(string field, string text, bool isPrefix)
    : TextFilter(field, new(text, wholeStart: true, wholeEnd: !isPrefix, ignoreCase: true))
{
    public override string ToString() => $"{Prefix}i({Quoting.Word(text)}{(isPrefix ? "*" : "")})";
}
