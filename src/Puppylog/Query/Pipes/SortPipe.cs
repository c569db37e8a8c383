using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>
/// <c>sort by (a desc, b) offset N limit N rank as place</c> (also <c>order</c>), with <c>first N by (…)</c> and
/// <c>last N by (…)</c> as other spellings; rows that are equal keep their order.
/// </summary>
sealed class SortPipe(ImmutableArray<SortField> fields, long offset, long? limit, string? rankName) : GatheringPipe
{
    public static SortPipe Parse(TokenReader reader)
    {
        var fields = ParseFields(reader, reverse: false);
        long offset = 0;
        long? limit = null;
        string? rank = null;
        while (true)
        {
            if (reader.TakeWord("offset") || reader.TakeWord("skip"))
            {
                offset = FieldSyntax.Count(reader);
            }
            else if (reader.TakeWord("limit") || reader.TakeWord("head"))
            {
                limit = FieldSyntax.Count(reader);
            }
            else if (reader.TakeWord("rank"))
            {
                rank = reader.TakeWord("as") || reader.Current.Kind == TokenKind.Quoted || IsName(reader) ? FieldSyntax.Name(reader, "a name for the rank") : "rank";
            }
            else
            {
                return new(fields, offset, limit, rank);
            }
        }
    }

    /// <summary><c>first N by (…)</c> and <c>last N by (…)</c>.</summary>
    public static SortPipe ParseFirst(TokenReader reader, bool last)
    {
        var count = reader.Current.Kind == TokenKind.Word && !reader.Current.IsWord("by") ? FieldSyntax.Count(reader) : 1;
        return new(ParseFields(reader, last), 0, count, null);
    }

    public ImmutableArray<SortField> Fields => fields;

    public long Offset => offset;

    public long? Limit => limit;

    public string? RankName => rankName;

    /// <summary>True to hand the chosen rows on last first; set by the plan, never by a query's text.</summary>
    public bool IsBackwards { get; init; }

    /// <summary>True for <c>_time desc</c> alone: the exact reverse of the order that rows come in, equal times too.</summary>
    public bool ReversesTime => fields.Length == 1 && fields[0] is { Name: FieldNames.Time, Descending: true };

    public override NeededFields Needed(NeededFields after) => after.With(fields.Select(field => field.Name));

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) => new SortOperator(this, next, after, context);

    public override string ToString() =>
        $"sort by ({string.Join(", ", fields)}){(offset == 0 ? "" : $" offset {offset}")}{(limit is null ? "" : $" limit {limit}")}{(rankName is null ? "" : $" rank as {FieldSyntax.Quote(rankName)}")}";

    static bool IsName(TokenReader reader) =>
        reader.Current.Kind == TokenKind.Word && !reader.Current.IsWord("offset") && !reader.Current.IsWord("skip")
        && !reader.Current.IsWord("limit") && !reader.Current.IsWord("head");

    /// <summary>True for <c>desc</c>, false for <c>asc</c> and for nothing.</summary>
    static bool Direction(TokenReader reader) => !reader.TakeWord("asc") && reader.TakeWord("desc");

    static ImmutableArray<SortField> ParseFields(TokenReader reader, bool reverse)
    {
        var by = reader.TakeWord("by");
        if (!reader.TakeSymbol('('))
        {
            throw reader.Expected(by ? "'('" : "'by ('");
        }

        var fields = ImmutableArray.CreateBuilder<SortField>();
        do
        {
            var name = FieldSyntax.Name(reader);
            fields.Add(new(name, Direction(reader)));
        }
        while (reader.TakeSymbol(','));
        if (!reader.TakeSymbol(')'))
        {
            throw reader.Expected("'desc', ',' or ')'");
        }

        reverse ^= Direction(reader);
        return reverse ? [.. fields.Select(field => field with { Descending = !field.Descending })] : fields.ToImmutable();
    }
}
