using System.Globalization;
using Puppylog.Metrics;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Bench;

/// <summary>Counts a log's blocks for the metrics of a file as the writing process does, without a catalogue: CPU per block, bytes, and the folding.</summary>
static class MetricMeasurement
{
    /// <param name="file">An access log.</param>
    /// <param name="definitions">A definition a line, as in the catalogue (metrics_make.py writes them).</param>
    public static int Run(string file, string definitions)
    {
        var metrics = File.ReadLines(definitions).Select((line, i) => new MetricRow(i + 1, $"m{i}", line, 0, 0, true, long.MinValue)).ToList();
        var bodies = Encode(file, new MetricEngine().Fields(metrics), out var records);
        foreach (var run in Enumerable.Range(0, 8))
        {
            var engine = new MetricEngine();
            List<byte[]> counts = [];
            engine.Count(metrics, []);
            var (collections, paused) = (GC.CollectionCount(0), GC.GetTotalPauseDuration());
            var allocated = GC.GetTotalAllocatedBytes();
            var before = Environment.CpuUsage.TotalTime;
            foreach (var body in bodies)
            {
                counts.Add(engine.Count(metrics, [BlockReader.Open(new MemoryBlockBytes(body.Body, body.Kept))]));
            }

            var counting = Environment.CpuUsage.TotalTime - before;
            var garbage = string.Create(CultureInfo.InvariantCulture, $"{(GC.GetTotalAllocatedBytes() - allocated) / bodies.Count:N0} bytes allocated a block, {GC.CollectionCount(0) - collections} collections of {(GC.GetTotalPauseDuration() - paused).TotalMilliseconds / bodies.Count:F2} ms a block");
            before = Environment.CpuUsage.TotalTime;
            var chunks = engine.Fold(metrics, counts, (_, _) => null).ToList();
            var folding = Environment.CpuUsage.TotalTime - before;
            var kept = chunks.ToDictionary(chunk => (chunk.Metric, chunk.Chunk), chunk => chunk.Bytes);
            before = Environment.CpuUsage.TotalTime;
            var allocatedBefore = GC.GetTotalAllocatedBytes();
            var merged = engine.Fold(metrics, counts, (metric, chunk) => kept.GetValueOrDefault((metric, chunk))).Count();
            var again = Environment.CpuUsage.TotalTime - before;
            var allocatedAgain = GC.GetTotalAllocatedBytes() - allocatedBefore;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"run {run}: {records:N0} records, {bodies.Count} blocks, {metrics.Count} metrics: count {counting.TotalMilliseconds / bodies.Count:F2} ms a block, {counts.Sum(bytes => (long)bytes.Length) / bodies.Count:N0} bytes a block; fold {folding.TotalMilliseconds / bodies.Count:F2} ms a block, {chunks.Sum(chunk => (long)chunk.Bytes.Length) / bodies.Count:N0} bytes a block in {chunks.Count} chunks, with {merged} that are kept {again.TotalMilliseconds / bodies.Count:F2} ms and {allocatedAgain / bodies.Count:N0} bytes allocated a block; {garbage}"));
        }

        return 0;
    }

    static List<EncodedBlock> Encode(string file, IReadOnlySet<string> kept, out long records)
    {
        var encoder = new BlockEncoder();
        var parser = LineParsers.Create("combined", replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        List<EncodedBlock> bodies = [];
        var count = 0L;
        foreach (var line in File.ReadLines(file))
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line);
            var chunk = batch.Append(bytes);
            if (parser.TryParse(new(chunk.Offset, bytes.Length), out _) && batch.IsFull)
            {
                Flush();
            }
        }

        Flush();
        records = count;
        return bodies;

        void Flush()
        {
            bodies.Add(encoder.Encode(batch, [.. Enumerable.Range(0, batch.Count)], kept));
            count += batch.Count;
            batch.Reset(parser.Shape);
            parser.Bind(batch);
        }
    }
}
