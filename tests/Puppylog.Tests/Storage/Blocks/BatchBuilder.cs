using System.Text;
using Puppylog.Records;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>Makes batches by hand: a row is its time, its line and its fields.</summary>
sealed class BatchBuilder(RecordShape? shape = null)
{
    public RecordBatch Batch { get; } = new(shape ?? RecordShape.Plain);

    public BatchBuilder Add(long time, byte[] line, params (string Name, byte[]? Value, ValueKind Kind)[] fields)
    {
        var span = Batch.Append(line);
        var row = Batch.Add(time, span, span, 0);
        foreach (var (name, value, kind) in fields)
        {
            if (value is not null)
            {
                Batch.Column(name).Set(row, Batch.Append(value), kind);
            }
        }

        return this;
    }

    public BatchBuilder Add(long time, string line, params (string Name, string? Value)[] fields) =>
        Add(time, Encoding.UTF8.GetBytes(line), [.. fields.Select(f => (f.Name, f.Value is null ? null : Encoding.UTF8.GetBytes(f.Value), ValueKind.Text))]);

    public static int[] AllRows(RecordBatch batch) => [.. Enumerable.Range(0, batch.Count)];
}
