using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Text;

/// <summary><c>err*</c>, <c>"cannot op"*</c>: the value contains the text, beginning at a word's beginning.</summary>
sealed class PrefixFilter(string field, string text) : TextFilter(field, new(text, wholeStart: true, wholeEnd: false))
{
    public override string ToString() => $"{Prefix}{Quoting.Word(text)}*";
}
