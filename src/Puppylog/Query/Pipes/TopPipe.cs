using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary><c>top 10 by (a, b) hits as n rank as place</c>: the groups with the most rows, most first, then by value.</summary>
sealed class TopPipe(long count, ImmutableArray<string> fields, string hitsName, string? rankName) : GatheringPipe
{
    public static TopPipe Parse(TokenReader reader)
    {
        var count = reader.Current.IsWord("by") || reader.Current.IsSymbol('(') ? 10 : FieldSyntax.Count(reader, "a number or 'by ('");
        var fields = FieldSyntax.By(reader);
        var hits = "hits";
        string? rank = null;
        while (true)
        {
            if (reader.TakeWord("hits"))
            {
                reader.TakeWord("as");
                hits = FieldSyntax.Name(reader, "a name for the hits");
            }
            else if (reader.TakeWord("rank"))
            {
                rank = reader.TakeWord("as") || !FieldSyntax.AtEnd(reader) ? FieldSyntax.Name(reader, "a name for the rank") : "rank";
            }
            else
            {
                break;
            }
        }

        while (fields.Contains(hits))
        {
            hits += "s";
        }

        return new(count, fields, hits, rank);
    }

    public override bool MakesTable => true;

    /// <summary>The same as <c>stats by (…) count() as hits</c>, of which the first are taken (<see cref="AsSort"/>); null where ranks are asked for, too.</summary>
    public StatsPipe? AsStats() =>
        rankName is null ? new([.. fields.Select(field => new GroupField(field))], [new(new CountFunction(countsEmpty: false, []), null, hitsName)]) : null;

    public SortPipe AsSort() => new([new(hitsName, Descending: true), .. fields.Select(field => new SortField(field, Descending: false))], 0, count, null);

    public override NeededFields Needed(NeededFields after) => NeededFields.None.With(fields);

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) =>
        FrequentOperator.Suits(fields.Length, count)
            ? new FrequentOperator(fields, skipsEmpty: false, count, hitsName, rankName, next, context)
            : new HitsOperator(fields, byHits: true, skipsEmpty: false, count, hitsName, rankName, next, context);

    public override string ToString() =>
        $"top {count} by ({FieldSyntax.Print(fields)}){(hitsName == "hits" ? "" : $" hits as {FieldSyntax.Quote(hitsName)}")}{(rankName is null ? "" : $" rank as {FieldSyntax.Quote(rankName)}")}";
}
