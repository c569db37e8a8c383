using System.Text;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Processing.Steps;

sealed class CapProcessor(CapOptions options) : Processor(options)
{
    static readonly byte[] Mark = Encoding.UTF8.GetBytes("…");

    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        if (options.MaxFields > 0)
        {
            CapFields(batch, rows);
        }

        if (options.MaxLength > 0)
        {
            CapValues(batch, rows);
        }

        batch.Touch();
    }

    void CapFields(ProcessedBatch work, RowBitmap rows)
    {
        var batch = work.Batch;
        var counts = new int[batch.Count];
        foreach (var column in batch.Columns.Where(IsCounted).ToList())
        {
            var beyond = new RowBitmap(batch.Count);
            for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            {
                beyond[row] = !column.Span(row).IsAbsent && ++counts[row] > options.MaxFields;
            }

            var removed = beyond.CountSet();
            work.CappedFields += removed;
            if (removed > 0 && removed == column.CountValues())
            {
                work.Hide(column);
            }
            else if (removed > 0)
            {
                work.MaterialiseFrom(column.Name);
                column.Remove(beyond);
            }
        }

        batch.RewriteOverflow(entry =>
        {
            if (!rows[entry.Row] || ++counts[entry.Row] <= options.MaxFields)
            {
                return entry;
            }

            work.CappedFields++;
            return null;
        });
    }

    void CapValues(ProcessedBatch work, RowBitmap rows)
    {
        var batch = work.Batch;
        foreach (var source in batch.Shape.Derived.Select(derived => derived.Source).Distinct())
        {
            if (batch.FindColumn(source) is { } column && HasLong(column, rows))
            {
                work.MaterialiseFrom(source);
            }
        }

        foreach (var column in batch.Columns.Where(column => column.IsUsed && !FieldNames.IsHidden(column.Name)).ToList())
        {
            for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            {
                if (column.Span(row) is var span && span.Length > options.MaxLength)
                {
                    column.Set(row, Cut(work, span), ValueKind.Text);
                }
            }
        }

        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (batch.Messages[row] is var span && span.Length > options.MaxLength)
            {
                batch.MessageArray[row] = Cut(work, span);
            }
        }

        batch.RewriteOverflow(entry => rows[entry.Row] && entry.Value.Length > options.MaxLength ? entry with { Value = Cut(work, entry.Value), Kind = ValueKind.Text } : entry);
    }

    bool HasLong(BatchColumn column, RowBitmap rows)
    {
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (column.Span(row).Length > options.MaxLength)
            {
                return true;
            }
        }

        return false;
    }

    ByteSpan Cut(ProcessedBatch work, ByteSpan span)
    {
        work.CutValues++;
        var batch = work.Batch;
        var length = options.MaxLength - Mark.Length;
        var value = batch.Value(span);
        // Not within a character: a byte 10xxxxxx goes on with one, of four bytes at most.
        for (var back = 0; back < 3 && (value[length] & 0xc0) == 0x80; back++)
        {
            length--;
        }

        var target = batch.Reserve(length + Mark.Length);
        batch.Value(span)[..length].CopyTo(target);
        Mark.CopyTo(target[length..]);
        return batch.Advance(length + Mark.Length);
    }

    static bool IsCounted(BatchColumn column) =>
        column.IsUsed && !FieldNames.IsHidden(column.Name) && !FieldNames.IsWellKnown(column.Name);
}
