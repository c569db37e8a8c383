namespace Puppylog.Query.Syntax;

enum TokenKind
{
    /// <summary>A bare word.</summary>
    Word,

    /// <summary>A quoted string, quotes and escapes removed.</summary>
    Quoted,

    /// <summary>One of <c>( ) [ ] { } | , : = ! &lt; &gt; ~ * -</c> or <c>!= &lt;= &gt;=  !~ :=</c> is several of them.</summary>
    Symbol,

    End,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">The word, the string's content or the symbol.</param>
/// <param name="Position">Where it begins in the query.</param>
/// <param name="End">Where it ends.</param>
/// <param name="AfterSpace">True where white space (or the beginning) stands before it.</param>
readonly record struct Token(TokenKind Kind, string Text, int Position, int End, bool AfterSpace)
{
    public bool IsSymbol(char symbol) => Kind == TokenKind.Symbol && Text[0] == symbol;

    /// <summary>True for the bare word, in any case.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public string Describe() => Kind switch
    {
        TokenKind.End => "the end of the query",
        TokenKind.Quoted => $"\"{Text}\"",
        _ => $"'{Text}'",
    };
}
