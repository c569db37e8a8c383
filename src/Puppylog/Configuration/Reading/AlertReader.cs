using System.Collections.Immutable;
using Puppylog.Query.Syntax;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>alerts</c> and <c>notifiers</c>.</summary>
static class AlertReader
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public static AlertConfiguration Read(MapReader map, IReadOnlyCollection<string> notifiers)
    {
        map.Require("id", "the alert's name");
        map.Require("metric", "the id of the metric that is watched");
        var alert = new AlertConfiguration
        {
            Id = map.Text("id")?.Text ?? "",
            Metric = map.Text("metric", "the id of a metric")?.Text ?? "",
            Statistic = map.Choice("statistic", MetricConfiguration.Statistics) ?? "avg",
            Window = map.Duration("window", Second, Longest, bare: true) ?? TimeSpan.FromSeconds(120),
            Above = map.Decimal("above"),
            Below = map.Decimal("below"),
            AgainstYesterday = map.Choice("compare", "value", "yesterday") == "yesterday",
            RecoverBelow = map.Decimal("recover_below"),
            RecoverAbove = map.Decimal("recover_above"),
            For = map.Duration("for", TimeSpan.Zero, Longest, bare: true) ?? TimeSpan.Zero,
            NoData = map.Duration("no_data", Second, Longest, bare: true),
            PerSegment = map.Flag("per_segment") ?? false,
            Severity = map.Choice("severity", AlertConfiguration.Severities) ?? "warning",
            Labels = [.. map.Pairs("labels").Select(pair => new KeyValuePair<string, string>(pair.Key.Key, pair.Value.Text))],
            Samples = map.Number("samples", 0, 100) ?? 3,
            Notify = ReadNotify(map, notifiers),
        };
        CheckBounds(map, alert);
        map.End();
        return alert;
    }

    static void CheckBounds(MapReader map, AlertConfiguration alert)
    {
        if (!map.Has("above") && !map.Has("below") && !map.Has("no_data"))
        {
            map.Context.Add(map.Place, "an alert without a bound: expected above, below or no_data");
        }

        if (alert.RecoverBelow is { } below && !(alert.Above >= below))
        {
            map.Context.Add(map.PlaceOf("recover_below"), "recover_below: expected a value not over that of above");
        }

        if (alert.RecoverAbove is { } above && !(alert.Below <= above))
        {
            map.Context.Add(map.PlaceOf("recover_above"), "recover_above: expected a value not under that of below");
        }
    }

    static ImmutableArray<string> ReadNotify(MapReader map, IReadOnlyCollection<string> notifiers)
    {
        var names = map.Texts("notify", "the name of a notifier or a list of names");
        foreach (var name in names.Where(name => !notifiers.Contains(name.Text)))
        {
            var known = notifiers.Count > 0 ? $"; known are {string.Join(", ", notifiers)}" : "; there are none under notifiers";
            map.Context.Add(name.Place, $"notify: there is no notifier '{name.Text}'{Suggestion.Nearest(name.Text, notifiers)}{known}");
        }

        return [.. names.Select(name => name.Text)];
    }

    /// <summary>A notifier; what its kind takes is read by who sends.</summary>
    public static NotifierConfiguration ReadNotifier(MapReader map)
    {
        const string FileOf = "_file";
        map.Require("name", "the name that alerts use");
        map.Require("type", string.Join(", ", NotifierConfiguration.Types));
        var settings = ImmutableArray.CreateBuilder<KeyValuePair<string, Yaml.SettingNode>>();
        var secrets = ImmutableArray.CreateBuilder<KeyValuePair<string, Secret>>();
        var (name, type) = (map.Text("name")?.Text ?? "", map.Choice("type", NotifierConfiguration.Types) ?? "");
        foreach (var entry in map.Entries.Where(entry => entry.Key is not ("name" or "type")))
        {
            var key = entry.Key.EndsWith(FileOf, StringComparison.Ordinal) ? entry.Key[..^FileOf.Length] : entry.Key;
            if (key != entry.Key || Secret.IsNameOfOne(key))
            {
                if (secrets.All(secret => secret.Key != key) && map.Secret(key) is { } secret)
                {
                    secrets.Add(new(key, secret));
                }
            }
            else if (entry.Value is Yaml.TextNode text)
            {
                settings.Add(new(key, text with { Value = map.Context.Resolve(text).Text }));
            }
            else
            {
                settings.Add(new(key, entry.Value));
            }
        }

        return new(name, type, settings.ToImmutable(), secrets.ToImmutable());
    }
}
