using Puppylog.Processing.Options;
using Puppylog.Query.Filters;

namespace Puppylog.Processing.Steps;

sealed class SampleProcessor(SampleOptions options) : Processor(options)
{
    // 2^64 times the ratio.
    readonly ulong _bound = (ulong)(options.Ratio * 18446744073709549568.0);
    ulong _count;

    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        var column = options.By is null ? null : FieldResolver.Resolve(batch.View, options.By);
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var isKept = options.By is null ? StableHash.Mix(_count++) < _bound
                : column is null || column.Value(row) is [] || StableHash.Of(column.Value(row)) < _bound;
            if (!isKept)
            {
                batch.Drop(row, DropReason.Sample);
            }
        }
    }
}
