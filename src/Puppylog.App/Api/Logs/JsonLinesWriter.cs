using Puppylog.App.Cli.Search;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Api.Logs;

/// <summary>The original lines as JSON strings: an array of them, or one a line.</summary>
sealed class JsonLinesWriter(OutputBuffer output, bool isArray) : ResultWriter(output)
{
    ColumnVector? _raw;

    public override bool ReadsRaw => true;

    /// <summary>Ends the array; of nothing there is none.</summary>
    public override void Complete()
    {
        if (isArray && HasRows)
        {
            Output.Write("]\n"u8);
        }

        base.Complete();
    }

    protected override void Bind(RecordView view) => _raw = view.Column(FieldNames.Raw);

    bool _hasFirst;

    protected override void WriteRow(int row)
    {
        if (isArray)
        {
            Output.Write(_hasFirst ? ",\n"u8 : "["u8);
            _hasFirst = true;
        }

        Output.WriteString(_raw is null ? [] : _raw.Value(row));
        if (!isArray)
        {
            Output.Write((byte)'\n');
        }
    }
}
