using System.Globalization;
using Puppylog.Metrics;
using Puppylog.Query.Syntax;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>metrics</c>: the properties of <c>metrics create</c>, by their names there and by the shorter ones here.</summary>
static class MetricReader
{
    const string Quantile = "quantile";

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static MetricConfiguration Read(MapReader map)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = Name(map, "id", "identifier"),
            ["stat"] = Name(map, "stat", "statistic"),
            ["prop"] = Name(map, "property", "prop"),
            ["period"] = "period",
            ["refresh_rate"] = Name(map, "refresh", "refresh_rate"),
            ["lateness"] = "lateness",
            ["top"] = "top",
            ["segment_expression"] = Name(map, "segments", "segment_expression"),
            ["filter"] = "filter",
        };
        map.Require(names["id"], "the metric's name");
        var id = map.Text(names["id"])?.Text;
        var statistic = ReadStatistic(map, names["stat"]);
        if (statistic is not null and not "count")
        {
            map.Require(names["prop"], $"the field of which the {(statistic.StartsWith(Quantile, StringComparison.Ordinal) ? Quantile : statistic)} is wanted");
        }

        var period = Seconds(map, "period", Second, MetricRequest.LongestPeriod) ?? MetricRequest.DefaultPeriod;
        var filter = map.Filter("filter");
        // What is wrong already is told; in its place stands what is right.
        var request = new MetricRequest(
            id is { Length: > 0 } ? id : "id",
            statistic ?? "count",
            map.Text(names["prop"], "the name of a field")?.Text ?? (statistic is null or "count" ? null : "property"),
            period,
            Seconds(map, names["refresh_rate"], Second, MetricRequest.LongestPeriod) ?? period,
            [.. map.Texts(names["segment_expression"], "a field or a list of fields").SelectMany(field => field.Text.Split(',', StringSplitOptions.RemoveEmptyEntries))],
            filter ?? "*")
        {
            Lateness = Seconds(map, "lateness", TimeSpan.Zero, MetricRequest.LongestLateness) ?? MetricRequest.DefaultLateness,
            Top = map.Number("top", 1, MetricRequest.MostSegments) ?? MetricDefinition.MaxSegments,
        };
        List<MetricMistake> mistakes = [];
        var definition = request.TryCheck(map.Context.Environment.Now, mistakes);
        foreach (var mistake in mistakes)
        {
            var name = names[mistake.Property];
            map.Context.Add(map.PlaceOf(name), $"{name}: {mistake.Message}");
        }

        map.End();
        return new() { Id = id ?? "", Definition = definition is null ? null : definition with { IsConfigured = true } };
    }

    /// <summary>The name of a setting that has two.</summary>
    static string Name(MapReader map, string name, string other)
    {
        var (hasName, hasOther) = (map.Has(name), map.Has(other));
        if (hasName && hasOther)
        {
            map.Context.Add(map.PlaceOf(other), $"{other} is another name of {name}, and both are set; one will do");
        }

        return hasOther && !hasName ? other : name;
    }

    /// <summary>A name that <see cref="MetricStatistic"/> knows; null where it is not set or wrong.</summary>
    static string? ReadStatistic(MapReader map, string key)
    {
        var text = map.Text(key, string.Join(" or ", MetricConfiguration.Statistics));
        var name = text?.Text ?? (map.Has(key) ? null : "count");
        var phi = map.Decimal(Quantile);
        if (phi is not null and not (>= 0 and <= 1))
        {
            map.Context.Add(map.PlaceOf(Quantile), "quantile: expected a number from 0 to 1, like 0.95");
            return null;
        }

        if (name is null)
        {
            return null;
        }

        if (name.Equals(Quantile, StringComparison.OrdinalIgnoreCase))
        {
            if (phi is null && !map.Has(Quantile))
            {
                map.Require(Quantile, "which one, from 0 to 1");
            }

            return phi is { } known ? string.Create(CultureInfo.InvariantCulture, $"quantile({known})") : null;
        }

        if (phi is not null)
        {
            map.Context.Add(map.PlaceOf(Quantile), $"quantile: goes with 'stat: quantile', not with '{name}'");
        }

        if (MetricStatistic.Find(name) is not { } statistic)
        {
            map.Context.Add(text!.Value.Place, $"{key}: '{name}' is none of {string.Join(", ", MetricConfiguration.Statistics)}, p50 to p99.9{Suggestion.Nearest(name, MetricConfiguration.Statistics)}");
            return null;
        }

        return statistic.Name;
    }

    static int? Seconds(MapReader map, string key, TimeSpan least, int most)
    {
        if (map.Duration(key, least, TimeSpan.FromSeconds(most), bare: true) is not { } time)
        {
            return null;
        }

        if (time.Ticks % TimeSpan.TicksPerSecond == 0)
        {
            return (int)time.TotalSeconds;
        }

        map.Context.Add(map.PlaceOf(key), $"{key}: expected whole seconds, found {DurationText.Format(time)}");
        return null;
    }
}
