using System.Text;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>Small batches, positions and commits.</summary>
static class Samples
{
    /// <summary>2026-11-21T00:00:00Z.</summary>
    public static long Day0 { get; } = Timestamps.DaysFromCivil(2026, 11, 21) * Timestamps.Day;

    public static RecordBatch Batch(params ReadOnlySpan<string> lines) => BatchAt(Day0, lines);

    public static RecordBatch BatchAt(long time, params ReadOnlySpan<string> lines)
    {
        var batch = new RecordBatch(RecordShape.Plain);
        foreach (var line in lines)
        {
            Add(batch, time, line);
        }

        return batch;
    }

    public static void Add(RecordBatch batch, long time, string line)
    {
        var span = batch.Append(Encoding.UTF8.GetBytes(line));
        batch.Add(time, span, span, 0);
    }

    public static SourcePosition Position(long offset, string source = "file:1:2") => new(source, 0, offset, offset / 10, "/var/log/a.log", 3, 7);

    public static PositionChange Move(long? from, long to, string source = "file:1:2") =>
        new(from is { } known ? Position(known, source) : null, Position(to, source));

    public static CommitRequest Commit(RecordBatch? batch, PositionChange? move = null, params string[] keys) =>
        new(batch is null ? [] : [batch], move is null ? [] : [move], keys);

    public static List<string> Lines(IEnumerable<RecordBlock> blocks)
    {
        var lines = new List<string>();
        foreach (var block in blocks)
        {
            var view = block.Open();
            Assert.Equal(block.Count, view.Count);
            var column = view.Column(FieldNames.Raw)!;
            for (var row = 0; row < view.Count; row++)
            {
                lines.Add(Encoding.UTF8.GetString(column.Value(row)));
            }
        }

        return lines;
    }
}
