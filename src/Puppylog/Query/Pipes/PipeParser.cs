using System.Collections.Immutable;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary>Reads the pipes behind a filter.</summary>
static class PipeParser
{
    const string Known = "copy, delete, facets, field_names, field_values, fields, filter, first, last, limit, offset, rename, sort, stats, top, uniq, unpack_json, unpack_logfmt";

    /// <summary>Reads <c>| pipe | pipe …</c> up to the end or a closing parenthesis; the first <c>|</c> may be taken already.</summary>
    /// <param name="reader">The query.</param>
    /// <param name="now">What <c>_time:5m</c> in a filter counts back from: nanoseconds since 1970, UTC.</param>
    /// <exception cref="LogsqlException">A pipe is not understood.</exception>
    public static ImmutableArray<Pipe> Parse(TokenReader reader, long now)
    {
        var pipes = ImmutableArray.CreateBuilder<Pipe>();
        reader.TakeSymbol('|');
        do
        {
            pipes.Add(ParsePipe(reader, now));
            if (!FieldSyntax.AtEnd(reader))
            {
                throw reader.Expected("'|' or the end of the query");
            }
        }
        while (reader.TakeSymbol('|'));
        return pipes.ToImmutable();
    }

    static Pipe ParsePipe(TokenReader reader, long now)
    {
        if (StatsFunctionParser.StartsHere(reader))
        {
            return StatsPipe.Parse(reader, now);
        }

        var token = reader.Current;
        if (token.Kind is TokenKind.Word or TokenKind.Quoted && !reader.Peek().AfterSpace && IsComparison(reader.Peek()))
        {
            return FilterPipe.Parse(reader, now);
        }

        if (token.Kind != TokenKind.Word)
        {
            throw token.IsSymbol('|')
                ? reader.Error(token.Position, "expected a pipe such as stats, sort or limit, found '|'; write 'or' between filters of which one is to match")
                : reader.Expected("a pipe such as stats, sort or limit");
        }

        reader.Next();
        return token.Text.ToLowerInvariant() switch
        {
            "fields" or "keep" => FieldsPipe.Parse(reader),
            "delete" or "del" or "rm" or "drop" => DeletePipe.Parse(reader),
            "rename" or "mv" => RenamePipe.Parse(reader, keepsSource: false),
            "copy" or "cp" => RenamePipe.Parse(reader, keepsSource: true),
            "filter" or "where" => FilterPipe.Parse(reader, now),
            "sort" or "order" => SortPipe.Parse(reader),
            "first" => SortPipe.ParseFirst(reader, last: false),
            "last" => SortPipe.ParseFirst(reader, last: true),
            "limit" or "head" => LimitPipe.Parse(reader),
            "offset" or "skip" => OffsetPipe.Parse(reader),
            "stats" => StatsPipe.Parse(reader, now),
            "top" => TopPipe.Parse(reader),
            "uniq" => UniqPipe.Parse(reader),
            "facets" => FacetsPipe.Parse(reader),
            "field_names" => FieldNamesPipe.Parse(reader),
            "unpack_json" => UnpackPipe.Parse(reader, now, isLogfmt: false),
            "unpack_logfmt" => UnpackPipe.Parse(reader, now, isLogfmt: true),
            "field_values" => FieldValuesPipe.Parse(reader),
            _ => throw reader.Error(token.Position, $"unknown pipe {token.Describe()}{Hint(token.Text)}; known are {Known}"),
        };
    }

    /// <summary>A statistic is a pipe of its own only with its parentheses.</summary>
    static string Hint(string word) => StatsFunctionParser.IsName(word) ? $"; did you mean '{word.ToLowerInvariant()}(…)'?" : Suggestion.For(word, Known);

    static bool IsComparison(Token token) => token.Kind == TokenKind.Symbol && token.Text[0] is ':' or '=' or '!' or '<' or '>' or '~';
}
