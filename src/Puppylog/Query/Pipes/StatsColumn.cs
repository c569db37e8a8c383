using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Parsing;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary>One result of <c>stats</c>: <c>count() if (status:>=500) as errors</c>.</summary>
/// <param name="Function">The statistic.</param>
/// <param name="Condition">Rows that it counts; null for all.</param>
/// <param name="Name">The name given; null where it is the statistic's own text.</param>
sealed record StatsColumn(StatsFunction Function, Filter? Condition, string? Name)
{
    public string ResultName => Name ?? Text;

    string Text => Condition is null ? Function.ToString() : $"{Function} if ({Condition})";

    public static StatsColumn Parse(TokenReader reader, long now)
    {
        var function = StatsFunctionParser.Parse(reader);
        Filter? condition = null;
        if (reader.TakeWord("if"))
        {
            reader.ExpectSymbol('(');
            condition = FilterParser.Parse(reader, now);
            reader.ExpectSymbol(')');
        }

        if (reader.Current.IsWord("by") && reader.Peek().IsSymbol('('))
        {
            throw reader.Error(reader.Current.Position, "'by (…)' stands before the statistics: stats by (field) count()");
        }

        var named = reader.TakeWord("as") || reader.Current.Kind is TokenKind.Word or TokenKind.Quoted;
        return new(function, condition, named ? FieldSyntax.Name(reader, "a name for the result") : null);
    }

    public override string ToString() => Name is null ? Text : $"{Text} as {FieldSyntax.Quote(Name)}";
}
