using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Text;

/// <summary><c>*ampl*</c>: the value contains the text anywhere.</summary>
sealed class SubstringFilter(string field, string text) : TextFilter(field, new(text, wholeStart: false, wholeEnd: false))
{
    public override string ToString() => $"{Prefix}*{Quoting.Word(text)}*";
}
