using System.Buffers;
using System.Text;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Neighbouring periods of a metric that are kept together, as they are read.</summary>
/// <param name="definition">The metric.</param>
/// <param name="chunk">Which.</param>
sealed class ChunkState(MetricDefinition definition, long chunk)
{
    readonly MeasureKind _kind = definition.Statistic.Kind;

    /// <summary>By period; without segments.</summary>
    readonly Measure?[] _whole = new Measure?[definition.ChunkPeriods];

    /// <summary>By period; what is counted together is in <see cref="_other"/>.</summary>
    readonly Dictionary<string, Measure>?[] _segments = new Dictionary<string, Measure>?[definition.ChunkPeriods];
    readonly Measure?[] _other = new Measure?[definition.ChunkPeriods];

    /// <summary>Adds a measure. A segment that is new once there are <see cref="MetricDefinition.KeptSegments"/> is counted with the others, from its first record on.</summary>
    /// <param name="offset">The period.</param>
    /// <param name="segment">UTF-8.</param>
    /// <param name="isOther">It is what was counted together.</param>
    /// <param name="isLong">It was written before numbers were shortened.</param>
    public void Merge(int offset, scoped ReadOnlySpan<byte> segment, bool isOther, ref ByteReader reader, bool isLong) =>
        (definition.Segments.IsEmpty ? _whole[offset] ??= new() : isOther ? _other[offset] ??= new() : At(offset, segment)).Merge(_kind, ref reader, isLong);

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

    Measure At(int offset, scoped ReadOnlySpan<byte> segment)
    {
        var known = _segments[offset] ??= new(StringComparer.Ordinal);
        var scratch = ArrayPool<char>.Shared.Rent(segment.Length);
        var name = scratch.AsSpan(0, Encoding.UTF8.GetChars(segment, scratch));
        var found = known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!found.TryGetValue(name, out var measure))
        {
            measure = known.Count < definition.KeptSegments ? found[name] = new() : _other[offset] ??= new();
        }

        ArrayPool<char>.Shared.Return(scratch);
        return measure;
    }
}
