using Puppylog.Alerts.Rules;
using Puppylog.Query.Syntax;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>alerts</c>.</summary>
static class AlertReader
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <param name="metrics">Those of the file; others may be in the store.</param>
    /// <param name="notifiers">By name; null where others look whether they are there.</param>
    public static AlertDraft Read(MapReader map, IEnumerable<MetricConfiguration> metrics, IReadOnlyCollection<string>? notifiers)
    {
        map.Require("id", "the alert's name");
        map.Require("metric", "the id of the metric that is watched");
        var draft = new AlertDraft
        {
            Id = map.Text("id")?.Text,
            Metric = map.Text("metric", "the id of a metric")?.Text,
            Statistic = Enum.Parse<WindowStatistic>(map.Choice("statistic", Words<WindowStatistic>()) ?? "avg", ignoreCase: true),
            Window = Seconds(map, "window", Second),
            Above = Number(map, "above"),
            Below = Number(map, "below"),
            AgainstYesterday = map.Choice("compare", "value", "yesterday") == "yesterday",
            RecoverBelow = Number(map, "recover_below"),
            RecoverAbove = Number(map, "recover_above"),
            For = Seconds(map, "for", TimeSpan.Zero) ?? 0,
            NoData = Seconds(map, "no_data", Second),
            PerSegment = map.Flag("per_segment") ?? false,
            Severity = Enum.Parse<Severity>(map.Choice("severity", Words<Severity>()) ?? "warning", ignoreCase: true),
            Labels = map.Pairs("labels").ToDictionary(pair => pair.Key.Key, pair => pair.Value.Text, StringComparer.Ordinal),
            Title = map.Text("title")?.Text,
            ValueName = map.Text("value_name")?.Text,
            Samples = map.Number("samples", 0, Alerts.Notices.NoticeComposer.MaxSamples) ?? 3,
            Notify = ReadNotify(map, notifiers),
        };
        Check(map, draft, metrics);
        map.End();
        return draft;
    }

    /// <summary>Tells what does not go together, each at its place; what is missing or cannot be read has been told.</summary>
    static void Check(MapReader map, AlertDraft draft, IEnumerable<MetricConfiguration> metrics)
    {
        var metric = metrics.FirstOrDefault(known => known.Id == draft.Metric)?.Definition;
        var observed = metric is null ? null : new ObservedMetric(metric.Id, metric.Period, metric.Statistic.Name is "count" or "sum", !metric.Segments.IsEmpty);
        var hasBound = map.Has("above") || map.Has("below") || map.Has("no_data");
        if (!hasBound)
        {
            map.Context.Add(map.Place, "an alert without a bound: expected above, below or no_data");
        }

        foreach (var mistake in draft.Check(observed).Where(mistake => mistake.Setting switch
        {
            "id" => map.Has("id"),
            "above" => draft.Above is not null,
            "against-yesterday" => hasBound,
            _ => true,
        }))
        {
            var key = mistake.Setting switch { "label" => "labels", "against-yesterday" => "compare", var other => other.Replace('-', '_') };
            var text = mistake.Text.StartsWith($"{mistake.Setting} ", StringComparison.Ordinal) ? mistake.Text[(mistake.Setting.Length + 1)..] : mistake.Text;
            map.Context.Add(map.PlaceOf(key), $"{key}: {text}");
        }
    }

    static int? Seconds(MapReader map, string key, TimeSpan least) => map.Duration(key, least, Longest, bare: true) is { } time ? (int)time.TotalSeconds : null;

    /// <summary>What is too large for a threshold stays too large.</summary>
    static decimal? Number(MapReader map, string key) =>
        map.Decimal(key) is { } number ? (decimal)Math.Clamp(number, -10.0 * (double)AlertRule.LargestThreshold, 10.0 * (double)AlertRule.LargestThreshold) : null;

    static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];

    static IReadOnlyList<string> ReadNotify(MapReader map, IReadOnlyCollection<string>? notifiers)
    {
        var names = map.Texts("notify", "the name of a notifier or a list of names");
        foreach (var name in names.Where(name => notifiers?.Contains(name.Text) == false))
        {
            var known = notifiers!.Count > 0 ? $"; known are {string.Join(", ", notifiers)}" : "; there are none under notifiers";
            map.Context.Add(name.Place, $"notify: there is no notifier '{name.Text}'{Suggestion.Nearest(name.Text, notifiers)}{known}");
        }

        return [.. names.Select(name => name.Text)];
    }
}
