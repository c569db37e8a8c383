using Puppylog.Processing.Options;
using Puppylog.Query.Filters;
using Puppylog.Records;

namespace Puppylog.Processing;

/// <summary>One step of a chain. Keeps state from batch to batch; one thread at a time.</summary>
abstract class Processor(ProcessorOptions options)
{
    readonly Filter? _where = options.Where is null ? null : ProcessorOptions.ParseFilter(options.Where);

    public abstract void Apply(ProcessedBatch batch);

    /// <summary>True where it looks at all records.</summary>
    protected bool IsForAll => _where is null;

    /// <summary>The records that it looks at: a set of its own.</summary>
    protected RowBitmap Rows(ProcessedBatch batch)
    {
        var rows = batch.Rows.Clone();
        _where?.Apply(batch.View, rows);
        return rows;
    }
}
