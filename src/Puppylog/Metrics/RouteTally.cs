using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>Durations per path, for the slowest routes.</summary>
sealed class RouteTally
{
    /// <summary>Distinct paths that are told apart; further ones are taken together.</summary>
    public const int MaxRoutes = 10_000;

    /// <summary>Durations kept for the quantile; later ones count for mean and maximum only.</summary>
    const int MaxKept = 1_000_000;

    readonly Dictionary<byte[], Route> _routes = new(ByteKeys.Instance);
    readonly Route _other = new();
    int _kept;

    public void Add(ColumnVector? paths, ColumnVector? durations, ReadOnlySpan<int> rows)
    {
        if (durations is null)
        {
            return;
        }

        foreach (var row in rows)
        {
            if (durations.IsPresent(row) && TryRead(durations, row, out var duration))
            {
                var route = Find(paths is null ? default : paths.Value(row));
                route.Add(duration, _kept < MaxKept);
                _kept += _kept < MaxKept ? 1 : 0;
            }
        }
    }

    /// <summary>The paths with the longest mean, equal ones by name.</summary>
    public IReadOnlyList<RouteTiming> Slowest(int count) =>
    [
        .. _routes.Select(route => route.Value.Time(Encoding.UTF8.GetString(route.Key)))
            .Concat(_other.Requests > 0 ? [_other.Time(SectionTally.Other)] : [])
            .OrderByDescending(route => route.Mean).ThenBy(route => route.Path, StringComparer.Ordinal)
            .Take(count),
    ];

    static bool TryRead(ColumnVector durations, int row, out double duration)
    {
        if (durations is IntegerVector integers)
        {
            duration = integers.Values[row];
            return duration >= 0;
        }

        var text = durations.Value(row);
        return Utf8Parser.TryParse(text, out duration, out var length) && length == text.Length && double.IsFinite(duration) && duration >= 0;
    }

    Route Find(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            path = "-"u8;
        }

        var lookup = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(path, out var route))
        {
            return route;
        }

        return _routes.Count >= MaxRoutes ? _other : lookup[path] = new Route();
    }

    sealed class Route
    {
        readonly List<double> _durations = [];
        double _sum;
        double _max;

        public long Requests { get; private set; }

        public void Add(double duration, bool keep)
        {
            Requests++;
            _sum += duration;
            _max = Math.Max(_max, duration);
            if (keep)
            {
                _durations.Add(duration);
            }
        }

        public RouteTiming Time(string path)
        {
            _durations.Sort();
            var rank = (int)Math.Ceiling(_durations.Count * 0.95) - 1;
            return new(path, Requests, _sum / Requests, _durations.Count == 0 ? _max : _durations[rank], _max);
        }
    }
}
