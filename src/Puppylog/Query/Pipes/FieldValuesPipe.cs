using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary><c>field_values a limit N</c>: the values of a field with their hits, most first; empty ones aside.</summary>
sealed class FieldValuesPipe(string field, long? limit) : GatheringPipe
{
    public static FieldValuesPipe Parse(TokenReader reader)
    {
        var field = FieldSyntax.Name(reader);
        return new(field, reader.TakeWord("limit") ? FieldSyntax.Count(reader) : null);
    }

    public override bool MakesTable => true;

    public override NeededFields Needed(NeededFields after) => NeededFields.None.With(field);

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) =>
        FrequentOperator.Suits(1, limit ?? long.MaxValue)
            ? new FrequentOperator([field], skipsEmpty: true, limit!.Value, HitsName, null, next, context)
            : new HitsOperator([field], byHits: true, skipsEmpty: true, limit ?? long.MaxValue, HitsName, null, next, context);

    string HitsName => @field == "hits" ? "hitss" : "hits";

    public override string ToString() => $"field_values {FieldSyntax.Quote(field)}{(limit is null ? "" : $" limit {limit}")}";
}
