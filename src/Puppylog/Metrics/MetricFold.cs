using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Brings sections together, chunk by chunk; once for metrics that share all of theirs.</summary>
/// <param name="definitions">The metrics by number; sections of others are passed over.</param>
/// <param name="kept">The chunk as it is kept; null where there is none.</param>
sealed class MetricFold(IReadOnlyDictionary<long, MetricDefinition> definitions, Func<long, long, byte[]?> kept)
{
    readonly List<Section> _sections = [];

    /// <summary>By metric, the places of its sections.</summary>
    readonly Dictionary<long, List<int>> _uses = [];

    readonly List<long> _metrics = [];

    /// <summary>Adds sections.</summary>
    /// <exception cref="Records.CorruptDataException">They are none.</exception>
    public void Add(byte[] sections)
    {
        var reader = new ByteReader(sections);
        while (reader.Remaining > 0)
        {
            MetricSection.ReadHead(ref reader, _metrics, out var kind, out var isLong, out var hasSegments, out var entries);
            var isUsed = false;
            foreach (var metric in _metrics)
            {
                if (definitions.TryGetValue(metric, out var definition) && definition.Statistic.Kind == kind && !definition.Segments.IsEmpty == hasSegments)
                {
                    if (!_uses.TryGetValue(metric, out var uses))
                    {
                        _uses[metric] = uses = [];
                    }

                    uses.Add(_sections.Count);
                    isUsed = true;
                }
            }

            if (isUsed)
            {
                _sections.Add(new(sections.AsMemory(sections.Length - reader.Remaining - entries.Length, entries.Length), isLong));
            }
        }
    }

    /// <summary>The chunks that have changed, worked out one metric after the other, so that they need not all be in memory.</summary>
    /// <exception cref="Records.CorruptDataException">Sections are damaged.</exception>
    public IEnumerable<MetricChunk> Chunks()
    {
        foreach (var alike in _uses.GroupBy(use => use.Value, use => use.Key, SameUses.Instance).SelectMany(
            same => same.GroupBy(metric => definitions[metric].KeptSegments), (same, metrics) => (Metrics: metrics.ToList(), Uses: same.Key)))
        {
            foreach (var (chunk, states) in Fold(alike.Metrics, alike.Uses))
            {
                foreach (var (state, metrics) in states)
                {
                    var written = 0;
                    foreach (var bytes in state.Write(metrics))
                    {
                        yield return new(metrics[written++], chunk, bytes);
                    }
                }
            }
        }
    }

    /// <summary>What a metric came to, in order.</summary>
    /// <exception cref="Records.CorruptDataException">Sections are damaged.</exception>
    public IEnumerable<(long Period, string? Segment, Measure Measure)> Entries(long metric) =>
        _uses.TryGetValue(metric, out var uses)
            ? Fold([metric], uses).OrderBy(chunk => chunk.Key).SelectMany(chunk => chunk.Value[0].State.Entries())
            : [];

    /// <summary>Chunks of metrics that share their sections: one state for all of which the same is kept.</summary>
    Dictionary<long, List<(ChunkState State, List<long> Metrics)>> Fold(List<long> metrics, List<int> uses)
    {
        var definition = definitions[metrics[0]];
        var chunks = new Dictionary<long, List<(ChunkState State, List<long> Metrics)>>();
        foreach (var use in uses)
        {
            Add(metrics, definition, _sections[use], chunks);
        }

        return chunks;
    }

    void Add(List<long> metrics, MetricDefinition definition, Section section, Dictionary<long, List<(ChunkState State, List<long> Metrics)>> chunks)
    {
        var (hasSegments, size) = (!definition.Segments.IsEmpty, definition.ChunkPeriods);
        var reader = new ByteReader(section.Entries.Span);
        var (period, last, isOther) = (0L, long.MinValue, false);
        List<(ChunkState State, List<long> Metrics)> states = [];
        while (reader.Remaining > 0)
        {
            period += reader.ZigZag();
            var chunk = period >= 0 ? period / size : ((period + 1) / size) - 1;
            if (chunk != last && !chunks.TryGetValue(chunk, out states!))
            {
                chunks[chunk] = states = Begin(metrics, definition, chunk);
            }

            last = chunk;
            var segment = hasSegments ? MetricSection.ReadSegment(ref reader, out isOther) : default;
            var after = reader;
            foreach (var (state, _) in states)
            {
                after = reader;
                state.Merge((int)(period - (chunk * size)), segment, isOther, ref after, section.IsLong);
            }

            reader = after;
        }
    }

    List<(ChunkState State, List<long> Metrics)> Begin(List<long> metrics, MetricDefinition definition, long chunk)
    {
        var states = new List<(ChunkState State, List<long> Metrics)>();
        List<(bool IsLong, ReadOnlyMemory<byte> Entries)> known = [];
        foreach (var metric in metrics)
        {
            var (isLong, entries) = Kept(metric, definition, chunk);
            var same = known.FindIndex(other => other.IsLong == isLong && other.Entries.Span.SequenceEqual(entries.Span));
            if (same >= 0)
            {
                states[same].Metrics.Add(metric);
                continue;
            }

            known.Add((isLong, entries));
            var state = new ChunkState(definition, chunk);
            states.Add((state, [metric]));
            if (!entries.IsEmpty)
            {
                Add([metric], definition, new(entries, isLong), new() { [chunk] = [(state, [metric])] });
            }
        }

        return states;
    }

    (bool IsLong, ReadOnlyMemory<byte> Entries) Kept(long metric, MetricDefinition definition, long chunk)
    {
        if (kept(metric, chunk) is not { Length: > 0 } bytes)
        {
            return default;
        }

        var reader = new ByteReader(bytes);
        MetricSection.ReadHead(ref reader, [], out var kind, out var isLong, out var hasSegments, out var entries);
        return kind == definition.Statistic.Kind && hasSegments == !definition.Segments.IsEmpty
            ? (isLong, bytes.AsMemory(bytes.Length - reader.Remaining - entries.Length, entries.Length))
            : default;
    }

    /// <param name="Entries">Of a section.</param>
    /// <param name="IsLong">Its measures were written before numbers were shortened.</param>
    readonly record struct Section(ReadOnlyMemory<byte> Entries, bool IsLong);

    sealed class SameUses : IEqualityComparer<List<int>>
    {
        public static SameUses Instance { get; } = new();

        public bool Equals(List<int>? x, List<int>? y) => x!.SequenceEqual(y!);

        public int GetHashCode(List<int> uses)
        {
            var hash = new HashCode();
            foreach (var use in uses)
            {
                hash.Add(use);
            }

            return hash.ToHashCode();
        }
    }
}
