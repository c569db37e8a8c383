using System.Text;
using Puppylog.Processing.Options;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Processing.Steps;

sealed class RemoveProcessor(RemoveOptions options) : Processor(options)
{
    public override void Apply(ProcessedBatch batch)
    {
        var rows = Rows(batch);
        foreach (var name in Names(batch.Batch))
        {
            var column = batch.Gather(name);
            if (IsForAll)
            {
                batch.Hide(column);
            }
            else
            {
                batch.MaterialiseFrom(name);
                column.Remove(rows);
            }
        }

        batch.Touch();
    }

    HashSet<string> Names(RecordBatch batch)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        names.UnionWith(batch.Columns.Where(column => column.IsUsed).Select(column => column.Name).Where(IsMeant));
        names.UnionWith(batch.Shape.Derived.Select(derived => derived.Name).Where(IsMeant));
        foreach (ref readonly var entry in batch.Overflow)
        {
            var name = Encoding.UTF8.GetString(batch.Value(entry.Name));
            if (IsMeant(name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    bool IsMeant(string name) => name is not "" && name[0] != '_' && options.Names.Any(pattern => FieldPattern.Matches(pattern, name));
}
