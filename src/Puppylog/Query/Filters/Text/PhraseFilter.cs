using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Text;

/// <summary><c>error</c>, <c>"cannot open"</c>: the value contains the words as they are, at word boundaries.</summary>
sealed class PhraseFilter(string field, string text) : TextFilter(field, new(text, wholeStart: true, wholeEnd: true))
{
    public override string ToString() => Prefix + Quoting.Word(text);
}
