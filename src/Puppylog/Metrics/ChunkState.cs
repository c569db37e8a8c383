using System.Text;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>The neighbouring periods of a metric that are kept together, while something is added.</summary>
/// <param name="definition">The metric.</param>
/// <param name="chunk">Which.</param>
sealed class ChunkState(MetricDefinition definition, long chunk)
{
    readonly MeasureKind _kind = definition.Statistic.Kind;

    /// <summary>By period; without segments.</summary>
    readonly Measure?[] _whole = new Measure?[definition.ChunkPeriods];

    /// <summary>By period; the empty key of <see cref="_other"/> is beside them.</summary>
    readonly Dictionary<string, Measure>?[] _segments = new Dictionary<string, Measure>?[definition.ChunkPeriods];
    readonly Measure?[] _other = new Measure?[definition.ChunkPeriods];

    /// <summary>A segment that is new once there are <see cref="MetricDefinition.MaxSegments"/> is counted with the others, from its first record on.</summary>
    /// <param name="offset">The period.</param>
    /// <param name="segment">Null for what is counted together.</param>
    public Measure At(int offset, string? segment, bool hasSegments)
    {
        if (!hasSegments)
        {
            return _whole[offset] ??= new();
        }

        if (segment is not null)
        {
            var known = _segments[offset] ??= new(StringComparer.Ordinal);
            if (known.TryGetValue(segment, out var measure))
            {
                return measure;
            }

            if (known.Count < MetricDefinition.MaxSegments)
            {
                return known[segment] = new();
            }
        }

        return _other[offset] ??= new();
    }

    public byte[] Write(long metric)
    {
        var writer = new ByteWriter();
        var begun = MetricSection.Begin(writer, [metric], _kind, !definition.Segments.IsEmpty);
        var before = 0L;
        foreach (var (period, segment, measure) in Entries())
        {
            writer.ZigZag(period - before);
            before = period;
            if (!definition.Segments.IsEmpty)
            {
                MetricSection.WriteSegment(writer, segment is null ? default : Encoding.UTF8.GetBytes(segment), segment is null);
            }

            measure.Write(_kind, writer);
        }

        MetricSection.End(writer, begun);
        return writer.Written.ToArray();
    }

    /// <summary>In order; the segment is null for what is counted together.</summary>
    public IEnumerable<(long Period, string? Segment, Measure Measure)> Entries()
    {
        for (var offset = 0; offset < _whole.Length; offset++)
        {
            var period = (chunk * _whole.Length) + offset;
            if (_whole[offset] is { } whole)
            {
                yield return (period, "", whole);
            }

            foreach (var (segment, measure) in (_segments[offset] ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                yield return (period, segment, measure);
            }

            if (_other[offset] is { } other)
            {
                yield return (period, null, other);
            }
        }
    }
}
