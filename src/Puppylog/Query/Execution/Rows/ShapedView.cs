using Puppylog.Records;

namespace Puppylog.Query.Execution.Rows;

/// <summary>A view whose fields a pipe has chosen or computed.</summary>
abstract class ShapedView : RecordView
{
    /// <summary>All fields to show, <c>_time</c> included where there is one, in the order in which they are shown.</summary>
    public abstract IReadOnlyList<string> OutputFields { get; }

    /// <summary>True where the rows are still whole records, shown like those of the store.</summary>
    public virtual bool IsRecords => false;

    public override IReadOnlyList<string> FieldNames =>
        field ??= [.. OutputFields.Where(name => name is not (Records.FieldNames.Time or Records.FieldNames.Raw) && !Records.FieldNames.IsHidden(name))];

    /// <summary>The fields of any view to show, <c>_time</c> first; without <c>_raw</c>.</summary>
    public static IReadOnlyList<string> OutputFieldsOf(RecordView view) =>
        view is ShapedView shaped ? shaped.OutputFields : [Records.FieldNames.Time, .. view.FieldNames];

    public static bool HoldsRecords(RecordView view) => view is not ShapedView shaped || shaped.IsRecords;
}
