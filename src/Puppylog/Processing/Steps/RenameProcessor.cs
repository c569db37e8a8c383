using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Processing.Steps;

sealed class RenameProcessor(RenameOptions options) : Processor(options)
{
    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        var from = batch.Gather(options.From);
        if (!from.IsUsed)
        {
            return;
        }

        if (options.To == FieldNames.Message)
        {
            MoveToMessages(batch, from, rows);
            return;
        }

        batch.MaterialiseFrom(options.To);
        var to = batch.Gather(options.To);
        if (IsForAll && !to.IsUsed)
        {
            batch.RenameInTemplates(options.From, options.To);
            batch.Batch.Rename(from, options.To);
            return;
        }

        batch.MaterialiseFrom(options.From);
        Intersect(rows, from);
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            to.Set(row, from.Span(row), from.Kind(row));
        }

        from.Remove(rows);
        batch.RenameInTemplates(options.From, options.To);
    }

    void MoveToMessages(ProcessedBatch batch, BatchColumn from, RowBitmap rows)
    {
        batch.MaterialiseFrom(options.From);
        Intersect(rows, from);
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            batch.Batch.MessageArray[row] = from.Span(row);
        }

        from.Remove(rows);
        batch.RenameInTemplates(options.From, options.To);
        batch.Touch();
    }

    static void Intersect(RowBitmap rows, BatchColumn column)
    {
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            rows[row] = !column.Span(row).IsAbsent;
        }
    }
}
