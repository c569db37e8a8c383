using System.Globalization;
using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.Tests.Metrics;

/// <summary>What a metric comes to, worked out from all records in the plainest way.</summary>
static class MetricModel
{
    public sealed record Stored(long Time, TrafficBatch.Hit Hit);

    /// <summary>Metrics, and which records and which of their values they take.</summary>
    public static IReadOnlyList<(MetricRequest Request, Func<TrafficBatch.Hit, bool> Matches, Func<TrafficBatch.Hit, string?> Value, Func<TrafficBatch.Hit, string> Segment)> All { get; } =
    [
        (new("all", "count", null, 1, 1, [], "*"), _ => true, _ => null, _ => ""),
        (new("all10", "count", "", 10, 10, [], "*"), _ => true, _ => null, _ => ""),
        (new("errors", "count", null, 10, 10, [], "status:>=500"), hit => Number(hit.Status) >= 500, _ => null, _ => ""),
        (new("sections", "count", null, 7, 7, ["section"], "*"), _ => true, _ => null, Section),
        (new("with-bytes", "count", "response_bsize", 60, 1, [], "*"), hit => hit.Bytes is { Length: > 0 }, _ => null, _ => ""),
        (new("sum", "sum", "bytes", 10, 10, ["section", "status_code"], "*"), _ => true, hit => hit.Bytes, hit => $"{Section(hit)},{hit.Status}"),
        (new("avg", "avg", "bytes", 10, 10, [], "status:=200"), hit => hit.Status == "200", hit => hit.Bytes, _ => ""),
        (new("min", "min", "bytes", 3600, 10, ["status"], "*"), _ => true, hit => hit.Bytes, hit => hit.Status ?? ""),
        (new("max", "max", "bytes", 5, 10, [], "*"), _ => true, hit => hit.Bytes, _ => ""),
        (new("stddev", "stddev", "http.response.body.size", 10, 10, [], "*"), _ => true, hit => hit.Bytes, _ => ""),
        (new("variance", "variance", "bytes", 10, 10, ["section"], "*"), _ => true, hit => hit.Bytes, Section),
        (new("p90", "p90", "bytes", 60, 10, [], "*"), _ => true, hit => hit.Bytes, _ => ""),
        (new("s1-errors", "count", null, 10, 10, [], "section:=\"/s1\" status:>=500"), hit => Section(hit) == "/s1" && Number(hit.Status) >= 500, _ => null, _ => ""),
        (new("s1-good", "max", "bytes", 10, 10, ["host"], "status:=200 section:=\"/s1\""), hit => Section(hit) == "/s1" && hit.Status == "200", hit => hit.Bytes, hit => hit.Host ?? ""),
        (new("s1-bad", "sum", "bytes", 10, 10, [], "section:=\"/s1\" status:>300"), hit => Section(hit) == "/s1" && Number(hit.Status) > 300, hit => hit.Bytes, _ => ""),
        (new("bad", "count", null, 10, 10, [], "status:>=400"), hit => Number(hit.Status) >= 400, _ => null, _ => ""),
        (new("hosts", "distinct", "host", 60, 10, ["section"], "*"), _ => true, hit => hit.Host, Section),
    ];

    public static List<Observation> Observe(int metric, IEnumerable<Stored> records)
    {
        var (request, matches, value, segment) = All[metric];
        var length = request.Period * Timestamps.Second;
        return
        [
            .. records.Where(record => matches(record.Hit))
                .GroupBy(record => (Start: Floor(record.Time, length), Segment: segment(record.Hit)))
                .OrderBy(group => group.Key.Start).ThenBy(group => group.Key.Segment, StringComparer.Ordinal)
                .Select(group => new Observation(request.Id, group.Key.Start, group.Key.Segment, Statistic(request.Statistic, [.. group.Select(record => value(record.Hit))]))),
        ];
    }

    public static void AssertSame(IReadOnlyList<Observation> expected, IReadOnlyList<Observation> actual)
    {
        Assert.Equal(expected.Select(o => o with { Value = null }), actual.Select(o => o with { Value = null }));
        foreach (var (e, a) in expected.Zip(actual))
        {
            // Quantiles come from a sketch.
            var error = e.Metric == "p90" ? 1.0 / 500 : 1e-9;
            Assert.True(
                e.Value == a.Value || (e.Value is { } x && a.Value is { } y && Math.Abs(x - y) <= error * Math.Max(1, Math.Abs(x))),
                $"{e} expected, {a} found");
        }
    }

    static long Floor(long time, long length) => time - (((time % length) + length) % length);

    static string Section(TrafficBatch.Hit hit) => hit.Route is null ? "" : "/" + hit.Route.Split('/')[1];

    static double? Statistic(string name, string?[] texts)
    {
        var numbers = texts.Where(text => double.TryParse(text, CultureInfo.InvariantCulture, out _)).Select(Number).Order().ToArray();
        return name switch
        {
            "count" => texts.Length,
            "distinct" => texts.Where(text => !string.IsNullOrEmpty(text)).Distinct().Count(),
            _ when numbers.Length == 0 => null,
            "sum" => numbers.Sum(),
            "avg" => numbers.Average(),
            "min" => numbers[0],
            "max" => numbers[^1],
            "variance" => Variance(numbers),
            "stddev" => Math.Sqrt(Variance(numbers)),
            "p90" => numbers[Math.Min(numbers.Length - 1, (int)(0.9 * numbers.Length))],
            _ => throw new ArgumentException(name),
        };
    }

    static double Variance(double[] numbers) => numbers.Average(number => Math.Pow(number - numbers.Average(), 2));

    static double Number(string? text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
