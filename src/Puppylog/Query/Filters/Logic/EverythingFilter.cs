using Puppylog.Records;

namespace Puppylog.Query.Filters.Logic;

/// <summary><c>*</c>: every record.</summary>
sealed class EverythingFilter : Filter
{
    public override void Apply(RecordView view, RowBitmap rows)
    {
    }

    public override void AddFields(ISet<string> fields)
    {
    }

    public override string ToString() => "*";
}
