using System.Collections.Immutable;
using Puppylog.Query.Filters.Streams;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Parsing;

/// <summary>Reads <c>{app="nginx", env=~"prod|stage" or app in (a, b)}</c>.</summary>
static class StreamFilterParser
{
    public static StreamFilter Parse(TokenReader reader)
    {
        reader.ExpectSymbol('{');
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<StreamSelector>>();
        do
        {
            groups.Add(Group(reader));
        }
        while (reader.TakeWord("or"));

        return reader.TakeSymbol('}') ? new(groups.ToImmutable()) : throw reader.Expected("',', or, or '}'");
    }

    static ImmutableArray<StreamSelector> Group(TokenReader reader)
    {
        var selectors = ImmutableArray.CreateBuilder<StreamSelector>();
        while (!reader.Current.IsSymbol('}'))
        {
            selectors.Add(Selector(reader));
            if (!reader.TakeSymbol(','))
            {
                break;
            }
        }

        return selectors.ToImmutable();
    }

    static StreamSelector Selector(TokenReader reader)
    {
        var label = reader.Current;
        if (label.Kind is not (TokenKind.Word or TokenKind.Quoted))
        {
            throw reader.Expected("a stream's label or '}'");
        }

        reader.Next();
        if (reader.TakeWord("in"))
        {
            return StreamSelector.In(label.Text, FunctionParser.Arguments(reader), isNegated: false);
        }

        if (reader.TakeWord("not_in"))
        {
            return StreamSelector.In(label.Text, FunctionParser.Arguments(reader), isNegated: true);
        }

        var op = Operator(reader);
        var value = reader.TakeValue("a value in quotes");
        try
        {
            return StreamSelector.Of(label.Text, op, value.Text);
        }
        catch (ArgumentException error)
        {
            throw reader.Error(value.Position, $"expected a regular expression: {error.Message}");
        }
    }

    static string Operator(TokenReader reader)
    {
        if (reader.TakeSymbol('='))
        {
            return reader.IsAdjacent('~') && reader.TakeSymbol('~') ? "=~" : "=";
        }

        if (reader.TakeSymbol('!'))
        {
            return reader.TakeSymbol('=') ? "!=" : reader.TakeSymbol('~') ? "!~" : throw reader.Expected("'=' or '~' after '!'");
        }

        throw reader.Expected("=, !=, =~, !~, in or not_in");
    }
}
