using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Cli.Search;

/// <summary><c>-o raw</c>: the original lines, byte for byte, each with a newline.</summary>
sealed class RawResultWriter(OutputBuffer output) : ResultWriter(output)
{
    ColumnVector? _raw;

    public override bool ReadsRaw => true;

    protected override void Bind(RecordView view) =>
        _raw = view.Column(FieldNames.Raw)
            ?? (ShapedView.HoldsRecords(view) ? null : throw new UsageException("the query's results have no original lines: use -o json or -o text, or leave the last pipes out"));

    protected override void WriteRow(int row)
    {
        if (_raw is not null)
        {
            Output.Write(_raw.Value(row));
        }

        Output.Write((byte)'\n');
    }
}
