using Puppylog.Records;

namespace Puppylog.Query.Filters.Logic;

/// <summary><c>!a</c>, <c>-a</c>, <c>not a</c>: the records that the filter does not match.</summary>
sealed class NotFilter(Filter inner) : Filter
{
    public Filter Inner { get; } = inner;

    public override void Apply(RecordView view, RowBitmap rows)
    {
        var found = rows.Clone();
        Inner.Apply(view, found);
        rows.AndNot(found);
    }

    public override void AddFields(ISet<string> fields) => Inner.AddFields(fields);

    public override string ToString() => Inner is AndFilter or OrFilter ? $"!({Inner})" : $"!{Inner}";
}
