using System.Collections.Immutable;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>Reads the statistics of <c>stats</c>.</summary>
static class StatsFunctionParser
{
    static readonly string[] Names = ["avg", "count", "count_empty", "count_uniq", "max", "median", "min", "quantile", "stddev", "sum"];

    /// <summary>True for a name of a statistic with its parenthesis: such a pipe needs no <c>stats</c> before it.</summary>
    public static bool StartsHere(TokenReader reader) =>
        reader.Current.Kind == TokenKind.Word && Names.Contains(reader.Current.Text.ToLowerInvariant()) && reader.Peek().IsSymbol('(');

    public static bool IsName(string word) => Names.Contains(word.ToLowerInvariant());

    public static StatsFunction Parse(TokenReader reader)
    {
        var start = reader.Current;
        var name = start.Kind == TokenKind.Word ? start.Text.ToLowerInvariant() : throw reader.Expected("a statistic such as count()");
        if (!Names.Contains(name))
        {
            throw reader.Error(start.Position, $"unknown statistic {start.Describe()}{Suggestion.For(name, string.Join(", ", Names))}; known are {string.Join(", ", Names)}");
        }

        reader.Next();
        reader.ExpectSymbol('(');
        if (name == "quantile")
        {
            return Quantile(reader);
        }

        var fields = name == "count" && (reader.Current.IsSymbol(')') || IsStar(reader)) ? [] : FieldSyntax.Names(reader);
        FieldSyntax.Close(reader);
        return name switch
        {
            "count" => new CountFunction(countsEmpty: false, fields),
            "count_empty" => new CountFunction(countsEmpty: true, fields),
            "count_uniq" => new CountUniqFunction(fields),
            "sum" => new SumFunction(isAverage: false, fields),
            "avg" => new SumFunction(isAverage: true, fields),
            "min" => new ExtremeFunction(isMax: false, fields),
            "max" => new ExtremeFunction(isMax: true, fields),
            "median" => new QuantileFunction(name, 0.5, "0.5", fields),
            _ => new StddevFunction(fields),
        };
    }

    static bool IsStar(TokenReader reader) => reader.Current.IsSymbol('*') && reader.Peek().IsSymbol(')') && reader.TakeSymbol('*');

    static QuantileFunction Quantile(TokenReader reader)
    {
        var token = reader.Current;
        if (token.Kind != TokenKind.Word || !QuantileFunction.TryPhi(token.Text, out var phi))
        {
            throw reader.Expected("a number from 0 to 1, such as 0.99");
        }

        reader.Next();
        if (!reader.TakeSymbol(','))
        {
            throw reader.Expected("',' and the field");
        }

        var fields = FieldSyntax.Names(reader);
        FieldSyntax.Close(reader);
        return new("quantile", phi, token.Text, fields);
    }
}
