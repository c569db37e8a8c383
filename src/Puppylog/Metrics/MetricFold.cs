using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Brings sections together, chunk by chunk; once for metrics that share all of theirs.</summary>
/// <param name="definitions">The metrics by number; sections of others are passed over.</param>
/// <param name="kept">The chunk as it is kept; null where there is none.</param>
sealed class MetricFold(IReadOnlyDictionary<long, MetricDefinition> definitions, Func<long, long, byte[]?> kept)
{
    /// <summary>Sections that are for the same metrics and have no segments stand together; the others each by itself.</summary>
    readonly List<List<FoldSection>> _sections = [];

    /// <summary>By the bytes that name the metrics and the kind, the place among <see cref="_sections"/>.</summary>
    readonly Dictionary<byte[], int> _together = new(ByteKeys.Instance);

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
            var head = sections.Length - reader.Remaining;
            MetricSection.ReadHead(ref reader, _metrics, out var kind, out var isLong, out var hasSegments, out var entries);
            var from = sections.Length - reader.Remaining - entries.Length;
            var section = new FoldSection(sections, from, entries.Length, isLong);
            var names = sections.AsSpan(head, from - sizeof(uint) - head);
            if (hasSegments)
            {
                Add(section, kind, hasSegments);
            }
            else if (_together.GetAlternateLookup<ReadOnlySpan<byte>>() is var known && known.TryGetValue(names, out var place))
            {
                _sections[place].Add(section);
            }
            else if (Add(section, kind, hasSegments))
            {
                known[names] = _sections.Count - 1;
            }
        }
    }

    /// <summary>False where it is for none of the metrics.</summary>
    bool Add(FoldSection section, MeasureKind kind, bool hasSegments)
    {
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
            _sections.Add([section]);
        }

        return isUsed;
    }

    /// <summary>The chunks that have changed, worked out one metric after the other, so that they need not all be in memory.</summary>
    /// <exception cref="Records.CorruptDataException">Sections are damaged.</exception>
    public IEnumerable<MetricChunk> Chunks()
    {
        var (merge, entries, section) = (new ChunkMerge(), new ByteWriter(), new ByteWriter());
        MergeAlike(merge, entries);
        foreach (var (metrics, uses) in _uses.GroupBy(use => use.Value, use => use.Key, SameUses.Instance).SelectMany(
            same => same.GroupBy(metric => definitions[metric].KeptSegments), (same, metrics) => (metrics.ToList(), same.Key)))
        {
            var definition = definitions[metrics[0]];
            merge.Begin(definition);
            foreach (var use in uses)
            {
                foreach (var some in _sections[use])
                {
                    merge.Add(some);
                }
            }

            for (var i = 0; i < merge.Chunks; i++)
            {
                foreach (var (before, same) in ByKept(metrics, definition, merge.Chunk(i)))
                {
                    entries.Clear();
                    merge.Write(i, before, entries);
                    foreach (var metric in same)
                    {
                        section.Clear();
                        var begun = MetricSection.Begin(section, [metric], definition.Statistic.Kind, !definition.Segments.IsEmpty);
                        section.Bytes(entries.Written);
                        MetricSection.End(section, begun);
                        yield return new(metric, merge.Chunk(i), section.Written.ToArray());
                    }
                }
            }
        }
    }

    /// <summary>What a metric came to, in order.</summary>
    /// <exception cref="Records.CorruptDataException">Sections are damaged.</exception>
    public IEnumerable<(long Period, string? Segment, Measure Measure)> Entries(long metric)
    {
        var chunks = new SortedDictionary<long, ChunkState>();
        foreach (var use in _uses.GetValueOrDefault(metric, []))
        {
            foreach (var section in _sections[use])
            {
                Read(definitions[metric], section, chunks);
            }
        }

        return chunks.Values.SelectMany(chunk => chunk.Entries());
    }

    /// <summary>Makes one section of those that are for the same metrics: each of these metrics then has less to be brought together.</summary>
    void MergeAlike(ChunkMerge merge, ByteWriter entries)
    {
        var metrics = new long[_sections.Count];
        foreach (var (metric, uses) in _uses)
        {
            foreach (var use in uses)
            {
                metrics[use] = metric;
            }
        }

        for (var use = 0; use < metrics.Length; use++)
        {
            if (_sections[use].Count == 1)
            {
                continue;
            }

            merge.Begin(definitions[metrics[use]]);
            foreach (var section in _sections[use])
            {
                merge.Add(section);
            }

            entries.Clear();
            merge.WriteAll(entries);
            _sections[use] = [new(entries.Written.ToArray(), 0, entries.Length, isLong: false)];
        }
    }

    static void Read(MetricDefinition definition, FoldSection section, SortedDictionary<long, ChunkState> chunks)
    {
        var (hasSegments, size) = (!definition.Segments.IsEmpty, definition.ChunkPeriods);
        var reader = new ByteReader(section.Entries);
        var (period, last, isOther, state) = (0L, long.MinValue, false, (ChunkState?)null);
        while (reader.Remaining > 0)
        {
            period += reader.ZigZag();
            var chunk = period >= 0 ? period / size : ((period + 1) / size) - 1;
            if ((state is null || chunk != last) && !chunks.TryGetValue(chunk, out state))
            {
                chunks[chunk] = state = new(definition, chunk);
            }

            last = chunk;
            var segment = hasSegments ? MetricSection.ReadSegment(ref reader, out isOther) : default;
            state.Merge((int)(period - (chunk * size)), segment, isOther, ref reader, section.IsLong);
        }
    }

    /// <summary>Metrics by what is kept of a chunk: mostly the same for all.</summary>
    List<(FoldSection Kept, List<long> Metrics)> ByKept(List<long> metrics, MetricDefinition definition, long chunk)
    {
        var found = new List<(FoldSection Kept, List<long> Metrics)>();
        foreach (var metric in metrics)
        {
            var before = Kept(metric, definition, chunk);
            var same = found.FindIndex(other => other.Kept.IsLong == before.IsLong && other.Kept.Entries.SequenceEqual(before.Entries));
            if (same >= 0)
            {
                found[same].Metrics.Add(metric);
            }
            else
            {
                found.Add((before, [metric]));
            }
        }

        return found;
    }

    FoldSection Kept(long metric, MetricDefinition definition, long chunk)
    {
        if (kept(metric, chunk) is not { Length: > 0 } bytes)
        {
            return FoldSection.Empty;
        }

        var reader = new ByteReader(bytes);
        MetricSection.ReadHead(ref reader, [], out var kind, out var isLong, out var hasSegments, out var entries);
        return kind == definition.Statistic.Kind && hasSegments == !definition.Segments.IsEmpty
            ? new(bytes, bytes.Length - reader.Remaining - entries.Length, entries.Length, isLong)
            : FoldSection.Empty;
    }

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
