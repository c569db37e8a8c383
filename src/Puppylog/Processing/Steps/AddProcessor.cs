using System.Text;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Processing.Steps;

sealed class AddProcessor(AddOptions options) : Processor(options)
{
    readonly byte[] _value = Encoding.UTF8.GetBytes(options.Value);

    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        batch.MaterialiseFrom(options.Name);
        var column = batch.Gather(options.Name);
        var value = batch.Batch.Append(_value);
        if (!column.IsUsed && IsForAll)
        {
            column.Fill(0, batch.Batch.Count, value);
            return;
        }

        if (!options.Overwrite)
        {
            for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            {
                rows[row] = column.Span(row).IsAbsent;
            }
        }

        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            column.Set(row, value, ValueKind.Text);
        }
    }
}
