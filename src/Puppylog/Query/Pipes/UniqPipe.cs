using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Filters;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary><c>uniq by (a, b) with hits limit N</c>: the distinct combinations of values, sorted by them.</summary>
sealed class UniqPipe(ImmutableArray<string> fields, bool withHits, long? limit) : GatheringPipe
{
    public static UniqPipe Parse(TokenReader reader)
    {
        var fields = reader.Current.IsWord("by") || reader.Current.IsSymbol('(') ? FieldSyntax.By(reader) : [.. FieldSyntax.Names(reader).Select(FieldResolver.Canonical)];
        var withHits = false;
        if (reader.TakeWord("with"))
        {
            withHits = reader.TakeWord("hits") ? true : throw reader.Expected("'hits'");
        }
        else if (reader.TakeWord("hits"))
        {
            withHits = true;
        }

        return new(fields, withHits, reader.TakeWord("limit") ? FieldSyntax.Count(reader) : null);
    }

    public override bool MakesTable => true;

    public override NeededFields Needed(NeededFields after) => NeededFields.None.With(fields);

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) =>
        new HitsOperator(fields, byHits: false, skipsEmpty: false, limit ?? long.MaxValue, withHits ? HitsName : null, null, next, context);

    string HitsName => fields.Contains("hits") ? "hitss" : "hits";

    public override string ToString() => $"uniq by ({FieldSyntax.Print(fields)}){(withHits ? " with hits" : "")}{(limit is null ? "" : $" limit {limit}")}";
}
