using System.Globalization;
using System.Text;

namespace Puppylog.Query.Syntax;

/// <summary>
/// Splits a query into tokens and walks along them. Bare words run up to white space or one of
/// <c>( ) [ ] { } | , : = ! &lt; &gt; ~ * " ' `</c>; a dash is part of a word except at its beginning. A <c>#</c> after
/// white space begins a comment up to the line's end.
/// </summary>
sealed class TokenReader
{
    const string Symbols = "()[]{}|,:=!<>~*";

    readonly List<Token> _tokens = [];
    int _at;

    public TokenReader(string query)
    {
        Query = query;
        Split();
    }

    public string Query { get; }

    /// <summary>The stream selector of a group by its name, null where there is no such group; null where no groups are known.</summary>
    public Func<string, string?>? Groups { get; init; }

    public Token Current => _tokens[_at];

    public Token Peek(int ahead = 1) => _tokens[Math.Min(_at + ahead, _tokens.Count - 1)];

    public Token Next()
    {
        var token = _tokens[_at];
        if (_at < _tokens.Count - 1)
        {
            _at++;
        }

        return token;
    }

    /// <summary>Index of the current token; give it to <see cref="Rewind"/> to come back.</summary>
    public int Mark => _at;

    public void Rewind(int mark) => _at = mark;

    public bool TakeSymbol(char symbol)
    {
        if (!Current.IsSymbol(symbol))
        {
            return false;
        }

        Next();
        return true;
    }

    public bool TakeWord(string word)
    {
        if (!Current.IsWord(word))
        {
            return false;
        }

        Next();
        return true;
    }

    public void ExpectSymbol(char symbol)
    {
        if (!TakeSymbol(symbol))
        {
            throw Expected($"'{symbol}'");
        }
    }

    /// <summary>The error "expected …, found …" at the current token.</summary>
    public LogsqlException Expected(string what) => new(Query, Current.Position, $"expected {what}, found {Current.Describe()}");

    /// <summary>True where the current token follows the one before it without white space and is that symbol.</summary>
    public bool IsAdjacent(char symbol) => Current.IsSymbol(symbol) && !Current.AfterSpace;

    /// <summary>
    /// Takes a value: a string, or words joined by colons (<c>10.0.0.1:80</c>, <c>2026-11-21T14:00</c>), with a dash
    /// before them. False where none stands here.
    /// </summary>
    public bool TryTakeValue(out Token value)
    {
        var first = Current;
        value = first;
        if (first.Kind == TokenKind.Quoted)
        {
            Next();
            return true;
        }

        if (first.IsSymbol('-') && Peek() is { Kind: TokenKind.Word, AfterSpace: false })
        {
            Next();
        }
        else if (first.Kind != TokenKind.Word)
        {
            return false;
        }

        var last = Next();
        while (IsAdjacent(':') && Peek() is { Kind: TokenKind.Word, AfterSpace: false })
        {
            Next();
            last = Next();
        }

        value = new(TokenKind.Word, Query[first.Position..last.End], first.Position, last.End, first.AfterSpace);
        return true;
    }

    /// <summary>Takes a value or says what kind of value was expected.</summary>
    public Token TakeValue(string what) => TryTakeValue(out var value) ? value : throw Expected(what);

    /// <summary>Makes sure that nothing sticks to the value before, which would silently end it.</summary>
    public void EnsureEnded(Token value)
    {
        var current = Current;
        if (!current.AfterSpace && (current.Kind is TokenKind.Word or TokenKind.Quoted
            || (current.Kind == TokenKind.Symbol && !"),|]}".Contains(current.Text[0]))))
        {
            throw Error(current.Position, $"expected white space after {value.Describe()}, found {current.Describe()}; put the whole value in quotes if that belongs to it");
        }
    }

    public LogsqlException Error(int position, string reason) => new(Query, position, reason);

    void Split()
    {
        var i = 0;
        var space = true;
        while (i < Query.Length)
        {
            var c = Query[i];
            if (char.IsWhiteSpace(c))
            {
                space = true;
                i++;
            }
            else if (c == '#' && space)
            {
                while (i < Query.Length && Query[i] != '\n')
                {
                    i++;
                }
            }
            else
            {
                var start = i;
                if (c is '"' or '\'' or '`')
                {
                    var text = Unquote(ref i);
                    _tokens.Add(new(TokenKind.Quoted, text, start, i, space));
                }
                else if (Symbols.Contains(c) || (c == '-' && (space || _tokens.Count == 0 || _tokens[^1].Kind == TokenKind.Symbol)))
                {
                    i++;
                    _tokens.Add(new(TokenKind.Symbol, c.ToString(), start, i, space));
                }
                else
                {
                    while (i < Query.Length && !char.IsWhiteSpace(Query[i]) && !Symbols.Contains(Query[i]) && Query[i] is not ('"' or '\'' or '`'))
                    {
                        i++;
                    }

                    _tokens.Add(new(TokenKind.Word, Query[start..i], start, i, space));
                }

                space = false;
            }
        }

        _tokens.Add(new(TokenKind.End, "", Query.Length, Query.Length, space));
    }

    string Unquote(ref int i)
    {
        var start = i;
        var quote = Query[i++];
        var text = new StringBuilder();
        while (i < Query.Length && Query[i] != quote)
        {
            var c = Query[i++];
            if (c != '\\' || quote == '`')
            {
                text.Append(c);
                continue;
            }

            if (i == Query.Length)
            {
                break;
            }

            c = Query[i++];
            switch (c)
            {
                case 'n': text.Append('\n'); break;
                case 't': text.Append('\t'); break;
                case 'r': text.Append('\r'); break;
                case 'u': text.Append(Hex(ref i, 4)); break;
                case 'x': text.Append(Hex(ref i, 2)); break;
                case '\\' or '"' or '\'' or '/': text.Append(c); break;
                // As people write regular expressions: a backslash before anything else stays.
                default: text.Append('\\').Append(c); break;
            }
        }

        if (i >= Query.Length)
        {
            throw Error(start, $"the string that begins here is not closed: expected {quote}");
        }

        i++;
        return text.ToString();
    }

    char Hex(ref int i, int digits)
    {
        if (i + digits > Query.Length || !ushort.TryParse(Query.AsSpan(i, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Error(i, $"expected {digits} hexadecimal digits");
        }

        i += digits;
        return (char)code;
    }
}
