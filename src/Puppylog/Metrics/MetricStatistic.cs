using System.Globalization;
using Puppylog.Query.Pipes.Functions;

namespace Puppylog.Metrics;

/// <summary>A statistic by its name: what is gathered for it, and how it comes out of that.</summary>
sealed record MetricStatistic
{
    /// <summary>Those without a number.</summary>
    public static IReadOnlyList<string> All { get; } = ["count", "sum", "avg", "min", "max", "stddev", "variance", "median", "quantile(0.95)", "distinct"];

    /// <summary>For people.</summary>
    public const string Names = "count, sum, avg, min, max, stddev, variance, median, p50 to p99.9, quantile(0.99), distinct";

    MetricStatistic(string name, MeasureKind kind, double phi = 0) => (Name, Kind, Phi) = (name, kind, phi);

    public string Name { get; }

    public MeasureKind Kind { get; }

    /// <summary>Of a quantile, 0 to 1.</summary>
    public double Phi { get; }

    /// <summary>Null where there is no such statistic.</summary>
    public static MetricStatistic? Find(string text)
    {
        var name = text.Trim().ToLowerInvariant();
        return name switch
        {
            "count" => new(name, MeasureKind.Count),
            "sum" => new(name, MeasureKind.Sum),
            "avg" or "average" or "mean" => new("avg", MeasureKind.Sum),
            "min" or "max" => new(name, MeasureKind.Extremes),
            "stddev" or "variance" => new(name, MeasureKind.Spread),
            "median" => new(name, MeasureKind.Quantile, 0.5),
            "distinct" or "count_uniq" => new("distinct", MeasureKind.Distinct),
            ['p', .. var percent] when double.TryParse(percent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100 =>
                new(name, MeasureKind.Quantile, value / 100),
            _ when name.StartsWith("quantile(", StringComparison.Ordinal) && name.EndsWith(')') && QuantileFunction.TryPhi(name[9..^1].Trim(), out var phi) =>
                new(name, MeasureKind.Quantile, phi),
            _ => null,
        };
    }

    /// <summary>Null where no record gave a value.</summary>
    public double? Read(Measure measure) => Name switch
    {
        "count" => measure.Rows,
        "distinct" => measure.Distinct?.Count ?? 0,
        _ when measure.Count == 0 => null,
        "sum" => measure.Total,
        "avg" => measure.Total / measure.Count,
        "min" => measure.Min,
        "max" => measure.Max,
        "variance" => Math.Max(0, measure.Squares / measure.Count),
        "stddev" => Math.Sqrt(Math.Max(0, measure.Squares / measure.Count)),
        _ => measure.Quantiles?.At(Phi),
    };
}
