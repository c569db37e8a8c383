using System.Collections.Immutable;
using System.Text;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Streams;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Filters.Values;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Parsing;

/// <summary>Reads the filter half of a query. NOT binds stronger than AND (also by juxtaposition), AND stronger than OR.</summary>
sealed class FilterParser
{
    /// <summary>Levels of parentheses that are accepted, so that no query overflows the stack.</summary>
    public const int MaxDepth = 200;

    readonly TokenReader _reader;
    readonly long _now;
    int _depth;

    FilterParser(TokenReader reader, long now)
    {
        _reader = reader;
        _now = now;
    }

    /// <summary>Reads up to what cannot belong to a filter: a <c>|</c>, a closing parenthesis, the end.</summary>
    /// <param name="reader">Stands at the filter's first token.</param>
    /// <param name="now">What relative times count back from: nanoseconds since 1970, UTC.</param>
    /// <exception cref="LogsqlException">It is not understood.</exception>
    public static Filter Parse(TokenReader reader, long now) => new FilterParser(reader, now).Or(null);

    Filter Or(string? field)
    {
        var filters = ImmutableArray.CreateBuilder<Filter>();
        do
        {
            filters.Add(And(field));
        }
        while (_reader.TakeWord("or"));

        return filters.Count == 1 ? filters[0] : new OrFilter(filters.ToImmutable());
    }

    Filter And(string? field)
    {
        var filters = ImmutableArray.CreateBuilder<Filter>();
        do
        {
            filters.Add(Not(field));
        }
        while (_reader.TakeWord("and") || !IsAtEnd());

        return filters.Count == 1 ? filters[0] : new AndFilter(Flatten(filters));
    }

    /// <summary>(a b) c is a b c: a query prints without parentheses that say nothing.</summary>
    static ImmutableArray<Filter> Flatten(ImmutableArray<Filter>.Builder filters) =>
        [.. filters.SelectMany(filter => filter is AndFilter and ? and.Filters : [filter])];

    bool IsAtEnd()
    {
        var current = _reader.Current;
        return current.Kind == TokenKind.End || current.IsSymbol('|') || current.IsSymbol(')') || current.IsSymbol(',') || current.IsWord("or");
    }

    Filter Not(string? field)
    {
        var isNegated = false;
        while (_reader.TakeSymbol('!') || _reader.TakeSymbol('-') || TakeNot())
        {
            isNegated = !isNegated;
        }

        var filter = Primary(field);
        return !isNegated ? filter : filter is NotFilter not ? not.Inner : new NotFilter(filter);
    }

    /// <summary>The word as an operator: a field's name or a value's part it is not.</summary>
    bool TakeNot() => _reader.Current.IsWord("not") && !(_reader.Peek().IsSymbol(':') && !_reader.Peek().AfterSpace) && _reader.TakeWord("not");

    Filter Primary(string? field)
    {
        var current = _reader.Current;
        if (current.IsSymbol('('))
        {
            return Group(field);
        }

        if (current.IsSymbol('{') && field is null or FieldNames.Stream)
        {
            return StreamFilterParser.Parse(_reader);
        }

        if (current.IsSymbol('*'))
        {
            return Star(field);
        }

        if (current.IsSymbol('=') || current.IsSymbol('~') || current.IsSymbol('<') || current.IsSymbol('>'))
        {
            var after = _reader.Peek(current.Text[0] is '<' or '>' && _reader.Peek().IsSymbol('=') ? 2 : 1);
            return field is null && after.AfterSpace
                ? throw _reader.Error(current.Position, $"expected a field right before {current.Describe()}, as in status{current.Text}500")
                : Operator(field ?? FieldNames.Message);
        }

        if (current.Kind is not (TokenKind.Word or TokenKind.Quoted))
        {
            throw _reader.Expected(field is null ? "a filter" : $"a value for the field {Quoting.Word(field)}");
        }

        if (field is null && NamesField())
        {
            _reader.Next();
            _reader.TakeSymbol(':');
            if (current.Text == GroupFilter.Field)
            {
                return GroupFilter.Parse(_reader);
            }

            return OfField(current, FieldResolver.Canonical(current.Text));
        }

        if (current is { Kind: TokenKind.Word, Text: "&&" })
        {
            throw _reader.Error(current.Position, "expected a filter, found '&&'; write 'and', or put it in quotes to search for it");
        }

        if (current.IsWord("and") || current.IsWord("or") || current.IsWord("not"))
        {
            throw _reader.Error(current.Position, $"expected {(field is null ? "a filter" : "a value")}, found {current.Describe()}; put it in quotes to search for it");
        }

        if (current.Kind == TokenKind.Word && _reader.Peek() is { AfterSpace: false } next
            && (next.IsSymbol('(') || (next.IsSymbol('[') && current.IsWord("range"))))
        {
            return FunctionParser.Parse(_reader, field ?? FieldNames.Message);
        }

        return Words(field);
    }

    /// <summary>True where a colon or an operator sticks to the current word.</summary>
    bool NamesField()
    {
        var next = _reader.Peek();
        if (next.AfterSpace || next.Kind != TokenKind.Symbol)
        {
            return false;
        }

        return next.Text[0] is ':' or '=' or '<' or '>' or '~'
            || (next.IsSymbol('!') && _reader.Peek(2) is { AfterSpace: false } second && (second.IsSymbol('=') || second.IsSymbol('~')));
    }

    Filter OfField(Token name, string field)
    {
        if (field == FieldNames.StreamId)
        {
            throw _reader.Error(name.Position, "filters on _stream_id are not supported: expected a selector as {file_path=\"…\"} or another field");
        }

        if (field.Length == 0)
        {
            throw _reader.Error(name.Position, "expected a field's name, found an empty one");
        }

        if (field != FieldNames.Time)
        {
            return Not(field);
        }

        var isNegated = false;
        while (_reader.TakeSymbol('!'))
        {
            isNegated = !isNegated;
        }

        var filter = TimeFilterParser.Parse(_reader, _now);
        return isNegated ? new NotFilter(filter) : filter;
    }

    Filter Group(string? field)
    {
        var open = _reader.Next();
        if (++_depth > MaxDepth)
        {
            throw _reader.Error(open.Position, $"expected at most {MaxDepth} levels of parentheses");
        }

        var filter = Or(field);
        if (!_reader.TakeSymbol(')'))
        {
            throw _reader.Expected("another filter or ')'");
        }

        _depth--;
        return filter;
    }

    /// <summary><c>*</c>, <c>field:*</c> or <c>*part*</c>.</summary>
    Filter Star(string? field)
    {
        var star = _reader.Next();
        if (_reader.Current is { AfterSpace: false, Kind: TokenKind.Word or TokenKind.Quoted })
        {
            var value = _reader.TakeValue("a text");
            if (!_reader.IsAdjacent('*'))
            {
                throw _reader.Error(_reader.Current.Position, $"expected '*' right after {value.Describe()}, as in *{Quoting.Word(value.Text)}*");
            }

            if (value.Text.Length == 0)
            {
                throw _reader.Error(value.Position, "expected a text between the asterisks");
            }

            _reader.EnsureEnded(_reader.Next());
            return new SubstringFilter(field ?? FieldNames.Message, value.Text);
        }

        _reader.EnsureEnded(star);
        return field is null ? new EverythingFilter() : new PresentFilter(field);
    }

    /// <summary>A word, a phrase or the beginning of one.</summary>
    Filter Words(string? field)
    {
        var value = field is null ? _reader.Next() : _reader.TakeValue("a value");
        var name = field ?? FieldNames.Message;
        if (_reader.IsAdjacent('*'))
        {
            _reader.EnsureEnded(_reader.Next());
            return value.Text.Length == 0 ? new PresentFilter(name) : new PrefixFilter(name, value.Text);
        }

        _reader.EnsureEnded(value);
        return value.Text.Length == 0 ? new EmptyFilter(name) : new PhraseFilter(name, value.Text);
    }

    Filter Operator(string field)
    {
        var op = _reader.Next();
        if (op.IsSymbol('=') && !_reader.IsAdjacent('~'))
        {
            return Exact(field);
        }

        if (op.IsSymbol('=') || op.IsSymbol('~'))
        {
            _reader.TakeSymbol('~');
            return Regexp(_reader, field);
        }

        var isIncluded = _reader.IsAdjacent('=') && _reader.TakeSymbol('=');
        var value = _reader.TakeValue("a number, an IPv4 address or a text");
        _reader.EnsureEnded(value);
        return Compare(field, op.Text[0] == '>', isIncluded, value.Text);
    }

    Filter Exact(string field)
    {
        if (_reader.IsAdjacent('='))
        {
            throw _reader.Error(_reader.Current.Position, "expected a value, found a second '=': one compares, as in status=500");
        }

        var value = _reader.TakeValue("a value");
        if (_reader.IsAdjacent('*'))
        {
            _reader.EnsureEnded(_reader.Next());
            return new ExactPrefixFilter(field, value.Text);
        }

        _reader.EnsureEnded(value);
        return value.Text.Length == 0 ? new EmptyFilter(field) : new ExactFilter(field, value.Text);
    }

    /// <summary>Reads an expression.</summary>
    public static RegexpFilter Regexp(TokenReader reader, string field)
    {
        var value = reader.TakeValue("a regular expression in quotes");
        reader.EnsureEnded(value);
        try
        {
            return new(field, value.Text);
        }
        catch (ArgumentException error)
        {
            throw reader.Error(value.Position, $"expected a regular expression: {error.Message}");
        }
    }

    static ValueFilter Compare(string field, bool isLower, bool isIncluded, string bound)
    {
        var text = $"{(isLower ? ">" : "<")}{(isIncluded ? "=" : "")}{Quoting.Word(bound)}";
        if (Number.TryParseBound(bound, out var number))
        {
            var end = new NumberBound(number, isIncluded);
            return isLower
                ? new RangeFilter(field, end, NumberBound.None(isUpper: true), text)
                : new RangeFilter(field, NumberBound.None(isUpper: false), end, text);
        }

        if (!Ipv4RangeFilter.TryParse(Encoding.UTF8.GetBytes(bound), out var address))
        {
            return isLower ? new StringRangeFilter(field, bound, isIncluded, null, false, text)
                : new StringRangeFilter(field, null, false, bound, isIncluded, text);
        }

        // Above the last address or below the first there is none: an empty range.
        var (min, max) = isLower ? (address, uint.MaxValue) : (0u, address);
        if (!isIncluded)
        {
            (min, max) = isLower
                ? address == uint.MaxValue ? (1u, 0u) : (address + 1, max)
                : address == 0 ? (1u, 0u) : (min, address - 1);
        }

        return new Ipv4RangeFilter(field, min, max, text);
    }
}
