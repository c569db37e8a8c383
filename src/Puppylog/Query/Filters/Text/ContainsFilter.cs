using System.Collections.Immutable;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Values;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Text;

/// <summary><c>contains_all(a, "b c")</c>, <c>contains_any(a, "b c")</c>: the value contains all or any of the phrases.</summary>
sealed class ContainsFilter(string field, bool all, ImmutableArray<string> texts) : Filter
{
    readonly Filter _phrases = Combine(all, [.. texts.Select(text => text.Length == 0 ? new EmptyFilter(field) : (Filter)new PhraseFilter(field, text))]);

    public override void Apply(RecordView view, RowBitmap rows) => _phrases.Apply(view, rows);

    public override bool MayMatch(RecordView view) => _phrases.MayMatch(view);

    public override void AddFields(ISet<string> fields) => fields.Add(field);

    public override string ToString() =>
        $"{(field == FieldNames.Message ? "" : Quoting.Word(field) + ":")}contains_{(all ? "all" : "any")}({string.Join(", ", texts.Select(Quoting.Word))})";

    static Filter Combine(bool all, ImmutableArray<Filter> phrases) => all ? new AndFilter(phrases) : new OrFilter(phrases);
}
