using System.Diagnostics;
using System.Globalization;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Bench;

/// <summary>What each column of a store takes, and what decoding it costs: milliseconds over all blocks by one thread, and what the columns come as.</summary>
static class ColumnMeasurement
{
    public static async Task<int> RunAsync(string directory)
    {
        await using var store = await EmbeddedStore.OpenReaderAsync(directory, TimeProvider.System, CancellationToken.None);
        var blocks = ((IEmbeddedStore)store).Snapshot();
        var sizes = blocks.SelectMany(block => ((BlockView)block.Open()).ChunkSizes).GroupBy(chunk => chunk.Name, chunk => chunk.Bytes);
        foreach (var chunk in sizes.OrderByDescending(chunk => chunk.Sum()))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chunk.Sum(),9} bytes  {chunk.Key}"));
        }

        foreach (var run in new[] { "cold code", "warm" })
        {
            Console.WriteLine($"{run}: {blocks.Count} blocks");
            foreach (var name in blocks.SelectMany(block => block.Open().FieldNames).Append("_time").Distinct().ToArray())
            {
                var watch = Stopwatch.StartNew();
                var kinds = new SortedSet<string>();
                long values = 0;
                foreach (var block in blocks)
                {
                    var column = block.Open().Column(name);
                    kinds.Add(column?.GetType().Name ?? "none");
                    values += column is DictionaryVector dictionary ? dictionary.Values.Count : 0;
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMilliseconds,9:F2} ms  {name} {string.Join('/', kinds)} {values}"));
            }
        }

        return 0;
    }
}
