using System.Collections.Immutable;
using System.Globalization;

namespace Puppylog.Query.Filters.Automata;

/// <summary>
/// Reads the part of the framework's syntax whose meaning is plain; anything else is left to the framework. The pattern
/// has been accepted by the framework before, so that no error is told here.
/// </summary>
sealed class ExpressionParser
{
    /// <summary>Levels of groups that are read; deeper ones are left to the framework.</summary>
    const int MaxDepth = 100;

    readonly string _text;
    int _at;
    int _depth;
    bool _ignoreCase;
    bool _dotExcludesNewline;

    ExpressionParser(string text) => _text = text;

    bool IsAtEnd => _at == _text.Length;

    /// <summary>What the pattern says, or null where that is left to the framework.</summary>
    public static Expression? Parse(string pattern)
    {
        var parser = new ExpressionParser(pattern);
        return parser.Choice() is { } expression && parser.IsAtEnd ? expression : null;
    }

    Expression? Choice()
    {
        var (ignoreCase, dotExcludesNewline) = (_ignoreCase, _dotExcludesNewline);
        var options = ImmutableArray.CreateBuilder<Expression>();
        do
        {
            if (Sequence() is not { } option)
            {
                return null;
            }

            options.Add(option);
        }
        while (Take('|'));

        // Options set in a group hold to its end.
        (_ignoreCase, _dotExcludesNewline) = (ignoreCase, dotExcludesNewline);
        return options.Count == 1 ? options[0] : new Expression.Choice(options.ToImmutable());
    }

    Expression? Sequence()
    {
        var parts = ImmutableArray.CreateBuilder<Expression>();
        while (!IsAtEnd && _text[_at] is not ('|' or ')'))
        {
            if (Primary() is not { } part || Repeated(part) is not { } repeated)
            {
                return null;
            }

            parts.Add(repeated);
        }

        return parts.Count == 1 ? parts[0] : new Expression.Sequence(parts.ToImmutable());
    }

    Expression? Primary()
    {
        var c = _text[_at++];
        return c switch
        {
            '(' => Group(),
            '[' => ClassParser.TryParse(_text, ref _at, _ignoreCase, out var set) ? new Expression.Character(set) : null,
            '.' => new Expression.Character(_dotExcludesNewline ? CharacterSet.Of('\n').Negated() : CharacterSet.Of(0, CharacterSet.Last)),
            '^' => new Expression.Anchor(AnchorKind.Start),
            '$' => new Expression.Anchor(AnchorKind.EndOrLastNewline),
            '\\' => Escape(),
            '*' or '+' or '?' or '{' => null,
            _ => Literal(c),
        };
    }

    Expression.Character? Literal(char c)
    {
        if (char.IsSurrogate(c) || (_ignoreCase && !char.IsAscii(c)))
        {
            return null;
        }

        var set = CharacterSet.Of(c);
        return new(_ignoreCase ? set.IgnoringCase() : set);
    }

    Expression? Escape()
    {
        if (IsAtEnd)
        {
            return null;
        }

        AnchorKind? anchor = _text[_at] switch
        {
            'A' => AnchorKind.Start,
            'z' => AnchorKind.End,
            'Z' => AnchorKind.EndOrLastNewline,
            'b' => AnchorKind.WordBoundary,
            'B' => AnchorKind.NoWordBoundary,
            _ => null,
        };
        if (anchor is { } kind)
        {
            _at++;
            return new Expression.Anchor(kind);
        }

        if (ClassParser.TryShorthand(_text, ref _at, _ignoreCase, out var set))
        {
            return new Expression.Character(set);
        }

        return ClassParser.TryEscaped(_text, ref _at, out var c) ? Literal(c) : null;
    }

    Expression? Group()
    {
        if (++_depth > MaxDepth || !TryOpen(out var isOptionsOnly))
        {
            return null;
        }

        if (isOptionsOnly)
        {
            _depth--;
            return new Expression.Sequence([]);
        }

        var (ignoreCase, dotExcludesNewline) = _before;
        var inner = Choice();
        (_ignoreCase, _dotExcludesNewline) = (ignoreCase, dotExcludesNewline);
        _depth--;
        return inner is not null && Take(')') ? inner : null;
    }

    (bool IgnoreCase, bool DotExcludesNewline) _before;

    /// <summary>Reads what follows the parenthesis up to the group's content: <c>?:</c>, <c>?&lt;name&gt;</c>, <c>?i:</c>, <c>?-s)</c>.</summary>
    bool TryOpen(out bool isOptionsOnly)
    {
        isOptionsOnly = false;
        _before = (_ignoreCase, _dotExcludesNewline);
        if (!Take('?'))
        {
            return true;
        }

        if (Take('<'))
        {
            var close = _text.IndexOf('>', _at);
            var isName = close > _at && _text.AsSpan(_at, close - _at).IndexOfAnyExcept(NameCharacters) < 0;
            _at = close + 1;
            return isName;
        }

        var value = true;
        while (!IsAtEnd)
        {
            switch (_text[_at++])
            {
                case '-':
                    value = false;
                    break;
                case 'i':
                    _ignoreCase = value;
                    break;
                case 's':
                    _dotExcludesNewline = !value;
                    break;
                case ':':
                    return true;
                case ')':
                    isOptionsOnly = true;
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    Expression? Repeated(Expression inner)
    {
        if (IsAtEnd || _text[_at] is not ('*' or '+' or '?' or '{'))
        {
            return inner;
        }

        var (least, most) = (0, -1);
        switch (_text[_at++])
        {
            case '+':
                least = 1;
                break;
            case '?':
                most = 1;
                break;
            case '{' when !TryCounts(out least, out most):
                return null;
        }

        Take('?');
        return inner is Expression.Anchor || (!IsAtEnd && _text[_at] is '*' or '+' or '?' or '{') ? null : new Expression.Repetition(inner, least, most);
    }

    bool TryCounts(out int least, out int most)
    {
        least = most = -1;
        var close = _text.IndexOf('}', _at);
        if (close < 0)
        {
            return false;
        }

        var counts = _text.AsSpan(_at, close - _at);
        _at = close + 1;
        var comma = counts.IndexOf(',');
        if (!TryNumber(comma < 0 ? counts : counts[..comma], out least))
        {
            return false;
        }

        most = comma < 0 ? least : -1;
        return comma < 0 || comma == counts.Length - 1 || (TryNumber(counts[(comma + 1)..], out most) && most >= least);
    }

    static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    bool Take(char c)
    {
        if (IsAtEnd || _text[_at] != c)
        {
            return false;
        }

        _at++;
        return true;
    }
}
