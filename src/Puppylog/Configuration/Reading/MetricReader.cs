using System.Collections.Immutable;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>metrics</c>.</summary>
static class MetricReader
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static MetricConfiguration Read(MapReader map)
    {
        map.Require("id", "the metric's name");
        var statistic = map.Choice("stat", MetricConfiguration.Statistics) ?? "count";
        var quantile = map.Decimal("quantile");
        if (quantile is not null and not (>= 0 and <= 1))
        {
            map.Context.Add(map.PlaceOf("quantile"), "quantile: expected a number from 0 to 1, like 0.95");
        }
        else if (statistic == "quantile" && quantile is null)
        {
            map.Require("quantile", "which one, from 0 to 1");
        }
        else if (statistic != "quantile" && quantile is not null)
        {
            map.Context.Add(map.PlaceOf("quantile"), $"quantile: goes with 'stat: quantile', not with '{statistic}'");
        }

        if (statistic != "count")
        {
            map.Require("property", $"the field of which the {statistic} is wanted");
        }

        var metric = new MetricConfiguration
        {
            Id = map.Text("id")?.Text ?? "",
            Statistic = statistic,
            Quantile = quantile,
            Property = map.Text("property", "the name of a field")?.Text,
            Period = map.Duration("period", Second, TimeSpan.FromDays(1), bare: true) ?? Second,
            Refresh = map.Duration("refresh", Second, TimeSpan.FromDays(1), bare: true) ?? TimeSpan.FromSeconds(10),
            Lateness = map.Duration("lateness", TimeSpan.Zero, TimeSpan.FromDays(1), bare: true) ?? TimeSpan.FromSeconds(60),
            Segments = [.. map.Texts("segments", "a field or a list of fields").Select(field => field.Text)],
            Top = map.Number("top", 1, 100_000) ?? 1000,
            Filter = map.Filter("filter"),
        };
        map.End();
        return metric;
    }
}
