using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Filters.Values;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Parsing;

/// <summary>Reads filters that are written as functions: <c>in(a, b)</c>, <c>range(1, 10]</c>, <c>i(error)</c>.</summary>
static class FunctionParser
{
    const string Known = "contains_all, contains_any, exact, i, in, ipv4_range, len_range, range, re, seq or string_range";

    /// <summary>Reads from the function's name on; its parenthesis follows.</summary>
    public static Filter Parse(TokenReader reader, string field)
    {
        var name = reader.Next();
        Filter filter = name.Text.ToLowerInvariant() switch
        {
            "i" => AnyCase(reader, field),
            "range" => Range(reader, field),
            "in" => Arguments(reader, allowStar: true) is { } texts ? new InFilter(field, texts) : new EverythingFilter(),
            "contains_all" => Arguments(reader, allowStar: true) is { } texts ? new ContainsFilter(field, all: true, texts) : new EverythingFilter(),
            "contains_any" => Arguments(reader, allowStar: true) is { } texts ? new ContainsFilter(field, all: false, texts) : new EverythingFilter(),
            "seq" => new SequenceFilter(field, Arguments(reader)),
            "exact" => Exact(reader, field),
            "re" => Regexp(reader, field),
            "len_range" => Length(reader, field),
            "ipv4_range" => Ipv4(reader, field),
            "string_range" => StringRange(reader, field),
            _ => throw reader.Error(name.Position, $"unknown function {name.Text}: expected {Known}, or white space before '('"),
        };
        reader.EnsureEnded(name);
        return filter;
    }

    /// <summary>A list in parentheses; null for <c>(*)</c>, which stands for any value.</summary>
    static ImmutableArray<string>? Arguments(TokenReader reader, bool allowStar)
    {
        if (allowStar && reader.Peek().IsSymbol('*') && reader.Peek(2).IsSymbol(')'))
        {
            reader.Next();
            reader.Next();
            reader.Next();
            return null;
        }

        return Arguments(reader);
    }

    /// <summary>A list in parentheses; a comma may end it.</summary>
    public static ImmutableArray<string> Arguments(TokenReader reader)
    {
        reader.ExpectSymbol('(');
        var texts = ImmutableArray.CreateBuilder<string>();
        while (!reader.TakeSymbol(')'))
        {
            var value = reader.TakeValue(texts.Count == 0 ? "a value or ')'" : "a value");
            texts.Add(value.Text);
            reader.EnsureEnded(value);
            if (!reader.Current.IsSymbol(')') && !reader.TakeSymbol(','))
            {
                throw reader.Expected("',' or ')'");
            }
        }

        return texts.ToImmutable();
    }

    static ValueFilter AnyCase(TokenReader reader, string field)
    {
        reader.ExpectSymbol('(');
        var isStar = reader.TakeSymbol('*');
        var text = isStar ? "" : reader.TakeValue("a word or phrase").Text;
        var isPrefix = isStar || reader.TakeSymbol('*');
        reader.ExpectSymbol(')');
        return text.Length > 0 ? new AnyCaseFilter(field, text, isPrefix) : isPrefix ? new PresentFilter(field) : new EmptyFilter(field);
    }

    static ValueFilter Exact(TokenReader reader, string field)
    {
        reader.ExpectSymbol('(');
        var value = reader.TakeValue("a value");
        var isPrefix = reader.TakeSymbol('*');
        reader.ExpectSymbol(')');
        return isPrefix ? new ExactPrefixFilter(field, value.Text)
            : value.Text.Length == 0 ? new EmptyFilter(field) : new ExactFilter(field, value.Text);
    }

    static RegexpFilter Regexp(TokenReader reader, string field)
    {
        reader.ExpectSymbol('(');
        var filter = FilterParser.Regexp(reader, field);
        reader.ExpectSymbol(')');
        return filter;
    }

    static RangeFilter Range(TokenReader reader, string field)
    {
        var includesLower = reader.TakeSymbol('[');
        if (!includesLower)
        {
            reader.ExpectSymbol('(');
        }

        var (lower, lowerText) = Bound(reader);
        reader.ExpectSymbol(',');
        var (upper, upperText) = Bound(reader);
        var includesUpper = reader.TakeSymbol(']');
        if (!includesUpper && !reader.TakeSymbol(')'))
        {
            throw reader.Expected("')' or ']'");
        }

        var text = $"range{(includesLower ? '[' : '(')}{Quoting.Word(lowerText)}, {Quoting.Word(upperText)}{(includesUpper ? ']' : ')')}";
        return new(field, new(lower, includesLower), new(upper, includesUpper), text);
    }

    static (Number Value, string Text) Bound(TokenReader reader)
    {
        const string What = "a number, duration or size, as 10, 1.5s or 10KiB";
        var position = reader.Current.Position;
        var value = reader.TakeValue(What);
        return Number.TryParseBound(value.Text, out var number)
            ? (number, value.Text)
            : throw reader.Error(position, $"expected {What}, found {value.Describe()}");
    }

    static LengthFilter Length(TokenReader reader, string field)
    {
        reader.ExpectSymbol('(');
        var min = Count(reader);
        reader.ExpectSymbol(',');
        var max = Count(reader);
        reader.ExpectSymbol(')');
        return new(field, min, max);
    }

    static long Count(TokenReader reader)
    {
        var value = reader.TakeValue("a number of characters or inf");
        if (value.IsWord("inf"))
        {
            return long.MaxValue;
        }

        return long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw reader.Error(value.Position, $"expected a number of characters or inf, found {value.Describe()}");
    }

    static Ipv4RangeFilter Ipv4(TokenReader reader, string field)
    {
        reader.ExpectSymbol('(');
        var (min, max, text) = Network(reader);
        if (reader.TakeSymbol(','))
        {
            var (_, last, lastText) = Network(reader);
            (max, text) = (last, $"{text}, {lastText}");
        }

        reader.ExpectSymbol(')');
        return new(field, min, max, $"ipv4_range({text})");
    }

    static (uint Min, uint Max, string Text) Network(TokenReader reader)
    {
        const string What = "an IPv4 address or network, as 10.0.0.1 or 10.0.0.0/8";
        var value = reader.TakeValue(What);
        return Ipv4RangeFilter.TryParseNetwork(value.Text, out var min, out var max)
            ? (min, max, Quoting.Word(value.Text))
            : throw reader.Error(value.Position, $"expected {What}, found {value.Describe()}");
    }

    static StringRangeFilter StringRange(TokenReader reader, string field)
    {
        reader.ExpectSymbol('(');
        var lower = reader.TakeValue("a text").Text;
        reader.ExpectSymbol(',');
        var upper = reader.TakeValue("a text").Text;
        reader.ExpectSymbol(')');
        return StringRangeFilter.Between(field, lower, upper);
    }
}
