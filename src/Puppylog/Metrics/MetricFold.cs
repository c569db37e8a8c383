using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Brings sections together, chunk by chunk.</summary>
/// <param name="definitions">The metrics by number; sections of others are passed over.</param>
/// <param name="kept">The chunk as it is kept; null where there is none.</param>
sealed class MetricFold(IReadOnlyDictionary<long, MetricDefinition> definitions, Func<long, long, byte[]?> kept)
{
    readonly Dictionary<(long Metric, long Chunk), ChunkState> _chunks = [];

    /// <summary>The chunk that was used last, as neighbours mostly follow each other.</summary>
    (long Metric, long Chunk, ChunkState? State) _last;

    /// <summary>Adds sections.</summary>
    /// <exception cref="Records.CorruptDataException">They are none.</exception>
    public void Add(ReadOnlySpan<byte> sections)
    {
        var reader = new ByteReader(sections);
        while (reader.Remaining > 0)
        {
            foreach (var metric in MetricSection.ReadHead(ref reader, out var kind, out var hasSegments, out var entries))
            {
                if (definitions.TryGetValue(metric, out var definition) && definition.Statistic.Kind == kind && !definition.Segments.IsEmpty == hasSegments)
                {
                    Add(metric, definition, entries);
                }
            }
        }
    }

    public List<MetricChunk> Chunks() => [.. _chunks.Select(chunk => new MetricChunk(chunk.Key.Metric, chunk.Key.Chunk, chunk.Value.Write(chunk.Key.Metric)))];

    /// <summary>What a metric came to, in order.</summary>
    public IEnumerable<(long Period, string? Segment, Measure Measure)> Entries(long metric) =>
        _chunks.Where(chunk => chunk.Key.Metric == metric).OrderBy(chunk => chunk.Key.Chunk).SelectMany(chunk => chunk.Value.Entries());

    void Add(long metric, MetricDefinition definition, ReadOnlySpan<byte> entries)
    {
        var (kind, hasSegments, size) = (definition.Statistic.Kind, !definition.Segments.IsEmpty, definition.ChunkPeriods);
        var reader = new ByteReader(entries);
        var period = 0L;
        while (reader.Remaining > 0)
        {
            period += reader.ZigZag();
            var chunk = period >= 0 ? period / size : ((period + 1) / size) - 1;
            var segment = hasSegments ? MetricSection.ReadSegment(ref reader) : "";
            Chunk(metric, definition, chunk).At((int)(period - (chunk * size)), segment, hasSegments).Merge(kind, ref reader);
        }
    }

    ChunkState Chunk(long metric, MetricDefinition definition, long chunk)
    {
        if (_last.State is { } last && _last.Metric == metric && _last.Chunk == chunk)
        {
            return last;
        }

        if (!_chunks.TryGetValue((metric, chunk), out var state))
        {
            _chunks[(metric, chunk)] = state = new(definition, chunk);
            if (kept(metric, chunk) is { } bytes)
            {
                Add(bytes);
            }
        }

        _last = (metric, chunk, state);
        return state;
    }
}
