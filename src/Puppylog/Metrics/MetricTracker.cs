using System.Text;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>
/// The recent periods of some metrics in memory: counts of commits go in, what periods have come to comes out. Segments are
/// tracked apart, and brought together to the whole: exactly, for every statistic. Not thread-safe.
/// </summary>
sealed class MetricTracker
{
    readonly Dictionary<long, Track> _tracks = [];
    readonly List<long> _metrics = [];

    /// <summary>Tracks one more metric; what it has counted so far has to be added by <see cref="Add"/>.</summary>
    /// <param name="number">The metric's number.</param>
    /// <param name="from">Periods that begin earlier are left out; nanoseconds since 1970, UTC.</param>
    public void Follow(long number, MetricDefinition metric, long from) => _tracks[number] = new(metric, from);

    public bool Follows(long number) => _tracks.ContainsKey(number);

    /// <summary>Adds sections; those of metrics that are not followed are passed over.</summary>
    /// <exception cref="Records.CorruptDataException">They are none.</exception>
    public void Add(ReadOnlySpan<byte> sections)
    {
        var reader = new ByteReader(sections);
        while (reader.Remaining > 0)
        {
            MetricSection.ReadHead(ref reader, _metrics, out var kind, out var isLong, out var hasSegments, out var entries);
            foreach (var number in _metrics)
            {
                if (_tracks.TryGetValue(number, out var track) && track.Metric.Statistic.Kind == kind && !track.Metric.Segments.IsEmpty == hasSegments)
                {
                    track.Add(entries, isLong);
                }
            }
        }
    }

    /// <summary>
    /// What has changed since the last call, each once: of a metric with segments the segments, and under the name "" the whole.
    /// Records without a segment are in the whole only.
    /// </summary>
    public IEnumerable<Observation> TakeChanged() => _tracks.Values.SelectMany(track => track.TakeChanged());

    /// <summary>Forgets the periods of a metric that begin before; nanoseconds since 1970, UTC.</summary>
    public void Forget(long number, long before)
    {
        if (_tracks.TryGetValue(number, out var track))
        {
            track.Forget(before);
        }
    }

    sealed class Track(MetricDefinition metric, long from)
    {
        readonly SortedDictionary<long, Period> _periods = [];
        readonly HashSet<(long Period, string Segment)> _changed = [];
        long _first = FirstPeriod(metric, from);

        public MetricDefinition Metric => metric;

        public void Add(ReadOnlySpan<byte> entries, bool isLong)
        {
            var (kind, hasSegments) = (metric.Statistic.Kind, !metric.Segments.IsEmpty);
            var reader = new ByteReader(entries);
            var (number, isOther) = (0L, false);
            while (reader.Remaining > 0)
            {
                number += reader.ZigZag();
                var segment = hasSegments ? MetricSection.ReadSegment(ref reader, out isOther) : default;
                if (number < _first)
                {
                    new Measure().Merge(kind, ref reader, isLong);
                    continue;
                }

                if (!_periods.TryGetValue(number, out var period))
                {
                    _periods[number] = period = new();
                }

                _changed.Add((number, ""));
                var again = reader;
                period.Whole.Merge(kind, ref reader, isLong);
                if (isOther || !segment.IsEmpty)
                {
                    var name = isOther ? MetricDefinition.Other : period.Name(Encoding.UTF8.GetString(segment), metric.KeptSegments);
                    _changed.Add((number, name));
                    period.Segment(name).Merge(kind, ref again, isLong);
                }
            }
        }

        public List<Observation> TakeChanged()
        {
            var observations = _changed.Order().Select(key => new Observation(
                metric.Id, key.Period * metric.PeriodLength, key.Segment, metric.Statistic.Read(key.Segment.Length == 0 ? _periods[key.Period].Whole : _periods[key.Period].Segment(key.Segment)))).ToList();
            _changed.Clear();
            return observations;
        }

        public void Forget(long before)
        {
            _first = Math.Max(_first, FirstPeriod(metric, before));
            while (_periods.Count > 0 && _periods.First().Key is var oldest && oldest < _first)
            {
                _periods.Remove(oldest);
            }

            _changed.RemoveWhere(key => key.Period < _first);
        }

        /// <summary>The period in which a time lies.</summary>
        static long FirstPeriod(MetricDefinition metric, long from) => from >= 0 ? from / metric.PeriodLength : ((from + 1) / metric.PeriodLength) - 1;
    }

    sealed class Period
    {
        readonly Dictionary<string, Measure> _segments = new(StringComparer.Ordinal);

        public Measure Whole { get; } = new();

        /// <summary>As in the catalogue: a segment that is new once there are enough is counted with the others.</summary>
        public string Name(string segment, int most) => _segments.ContainsKey(segment) || _segments.Count < most ? segment : MetricDefinition.Other;

        public Measure Segment(string name)
        {
            if (!_segments.TryGetValue(name, out var measure))
            {
                _segments[name] = measure = new();
            }

            return measure;
        }
    }
}
