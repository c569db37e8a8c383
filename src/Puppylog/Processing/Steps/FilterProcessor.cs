using Puppylog.Processing.Options;
using Puppylog.Query.Filters;

namespace Puppylog.Processing.Steps;

sealed class FilterProcessor(FilterOptions options) : Processor(options)
{
    readonly Filter _filter = ProcessorOptions.ParseFilter(options.Query);

    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        var matching = rows.Clone();
        _filter.Apply(batch.View, matching);
        if (options.Keeps)
        {
            rows.AndNot(matching);
        }
        else
        {
            rows = matching;
        }

        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            batch.Drop(row, DropReason.Filter);
        }
    }
}
