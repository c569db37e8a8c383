using System.Globalization;
using System.Text.Json.Nodes;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Rules;
using Puppylog.Configuration.Yaml;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Configuration.Showing;

/// <summary>A configuration with all its defaults as a tree of texts, numbers and lists, to be shown. Secrets are masked.</summary>
sealed class ConfigurationTree
{
    /// <summary>Parts of a setting that is shown as it was written: aliases could make it larger than any file.</summary>
    const int MostParts = 10_000;

    readonly IReadOnlyList<string> _secrets;
    int _parts;

    ConfigurationTree(PuppylogConfiguration configuration) =>
        _secrets = [.. configuration.Secrets.Where(secret => secret.Length > 0).OrderByDescending(secret => secret.Length)];

    public static JsonObject Of(PuppylogConfiguration configuration) => new ConfigurationTree(configuration).Root(configuration);

    JsonObject Root(PuppylogConfiguration configuration)
    {
        var root = new JsonObject
        {
            ["sources"] = List(configuration.Sources, Source),
            ["processing"] = Raw(configuration.Processing) ?? new JsonArray(),
            ["batches"] = new JsonObject
            {
                ["size"] = configuration.Batches.Size,
                ["wait"] = DurationText.Format(configuration.Batches.Wait),
                ["workers"] = configuration.Batches.Workers,
            },
            ["store"] = new JsonObject { ["data"] = Text(configuration.Store.Data) },
            ["retention"] = new JsonObject
            {
                ["age"] = configuration.Retention.Age is { } age ? RetentionText.Format(age == TimeSpan.Zero ? null : age) : null,
                ["size"] = configuration.Retention.Bytes is { } bytes ? RetentionText.Format(bytes == 0 ? null : (long?)bytes) : null,
            },
            ["server"] = new JsonObject
            {
                ["listen"] = Text(configuration.Server.Listen),
                ["token"] = Mask(configuration.Server.Token),
                ["tls_cert"] = Text(configuration.Server.Certificate),
                ["tls_key"] = Text(configuration.Server.Key),
                ["max_queries"] = configuration.Server.MaxQueries,
                ["query_timeout"] = DurationText.Format(configuration.Server.QueryTimeout),
                ["query_memory"] = Sizes.Format(configuration.Server.QueryMemory),
                ["max_body"] = Sizes.Format(configuration.Server.MaxBody),
            },
        };
        if (configuration.Agent is { } agent)
        {
            root["agent"] = new JsonObject
            {
                ["server"] = Text(agent.Server?.ToString()),
                ["token"] = Mask(agent.Token),
                ["ca"] = Text(agent.Authority),
                ["id"] = Text(agent.Id),
                ["data"] = Text(agent.Data),
                ["spool_size"] = Sizes.Format(agent.SpoolSize ?? AgentConfiguration.DefaultSpoolSize),
            };
        }

        root["groups"] = List(configuration.Groups, group => new JsonObject { ["name"] = Text(group.Name), ["match"] = Text(group.Match) });
        root["metrics"] = List(configuration.Metrics, Metric);
        root["alerts"] = List(configuration.Alerts, Alert);
        root["notifiers"] = List(configuration.Notifiers, Notifier);
        return root;
    }

    JsonObject Source(SourceConfiguration source)
    {
        var tree = new JsonObject
        {
            ["name"] = Text(source.Name),
            ["inputs"] = Texts(source.Inputs),
            ["exclude"] = Texts(source.Exclude),
            ["format"] = Text(source.Format),
            ["invalid"] = source.Invalid?.ToString().ToLowerInvariant() ?? "as the format has it",
            ["multiline"] = source.Join.Starting is { } start ? new JsonObject { ["start"] = Text(start) }
                : source.Join.Continuing is { } next ? new JsonObject { ["continue"] = Text(next) }
                : source.Join.ToString(),
            ["from"] = source.FromEnd ? "end" : "beginning",
            ["now"] = source.Now,
            ["max_line"] = Sizes.Format(source.MaxLine),
            ["fields"] = Pairs(source.Fields),
        };
        if (source.Group is not null)
        {
            tree["group"] = Text(source.Group);
        }

        tree["processing"] = Raw(source.Processing) ?? new JsonArray();
        return tree;
    }

    JsonObject Metric(MetricConfiguration metric)
    {
        var tree = new JsonObject { ["id"] = Text(metric.Id) };
        if (metric.Definition is { } definition)
        {
            tree["stat"] = definition.Statistic.Name;
            tree["property"] = Text(definition.Property);
            tree["period"] = Seconds(definition.Period);
            tree["refresh"] = Seconds(definition.Refresh);
            tree["lateness"] = Seconds(definition.Lateness);
            tree["segments"] = Texts(definition.Segments);
            tree["top"] = definition.Top;
            tree["filter"] = Text(definition.Filter);
        }

        return tree;
    }

    JsonObject Alert(AlertDraft alert) => new()
    {
        ["id"] = Text(alert.Id),
        ["metric"] = Text(alert.Metric),
        ["statistic"] = alert.Statistic.ToString().ToLowerInvariant(),
        ["window"] = alert.Window is { } window ? Seconds(window) : "a period",
        ["above"] = alert.Above,
        ["below"] = alert.Below,
        ["compare"] = alert.AgainstYesterday ? "yesterday" : "value",
        ["recover_below"] = alert.RecoverBelow ?? alert.Above,
        ["recover_above"] = alert.RecoverAbove ?? alert.Below,
        ["for"] = Seconds(alert.For),
        ["no_data"] = alert.NoData is { } noData ? Seconds(noData) : null,
        ["per_segment"] = alert.PerSegment,
        ["severity"] = alert.Severity.ToString().ToLowerInvariant(),
        ["labels"] = Pairs(alert.Labels),
        ["title"] = Text(alert.Title ?? alert.Id),
        ["value_name"] = Text(alert.ValueName ?? alert.Metric),
        ["samples"] = alert.Samples,
        ["notify"] = Texts(alert.Notify),
    };

    JsonObject Notifier(NotifierDraft notifier)
    {
        var tree = new JsonObject { ["name"] = Text(notifier.Name), ["type"] = notifier.Type };
        foreach (var setting in NotifierDraft.Settings(notifier.Type))
        {
            tree[setting] = notifier.Secrets.ContainsKey(setting) ? Secret.Mask : setting switch
            {
                "path" => Text(notifier.Path),
                "command" => Text(notifier.Command),
                "url" => Text(notifier.Url),
                "host" => Text(notifier.Host),
                "port" => notifier.Port,
                "security" => Text(notifier.Security ?? NotifierDraft.Securities[0]),
                "ca" => Text(notifier.Ca),
                "user" => Text(notifier.User),
                "from" => Text(notifier.From),
                "to" => Texts(notifier.To),
                _ => null,
            };
        }

        return tree;
    }

    static string Seconds(int seconds) => DurationText.Format(TimeSpan.FromSeconds(seconds));

    static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> tree)
    {
        var list = new JsonArray();
        foreach (var item in items)
        {
            list.Add(tree(item));
        }

        return list;
    }

    JsonArray Texts(IEnumerable<string> texts) => List(texts, Text);

    JsonObject Pairs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var tree = new JsonObject();
        foreach (var (key, value) in pairs)
        {
            tree[key] = Secret.IsNameOfOne(key) ? Secret.Mask : Text(value);
        }

        return tree;
    }

    JsonNode? Raw(SettingNode? node)
    {
        if (++_parts > MostParts)
        {
            return "…";
        }

        switch (node)
        {
            case ListNode list:
                return List(list.Items, Raw);
            case MapNode map:
                var tree = new JsonObject();
                foreach (var entry in map.Entries)
                {
                    tree[entry.Key] = Secret.IsNameOfOne(entry.Key) ? Secret.Mask : Raw(entry.Value);
                }

                return tree;
            case TextNode text:
                return text.IsNothing ? null : Text(text.Value);
            default:
                return null;
        }
    }

    static JsonValue? Mask(Secret? secret) => secret is null ? null : JsonValue.Create(Secret.Mask);

    /// <summary>A text, without the secrets that stand in it.</summary>
    JsonValue? Text(string? text)
    {
        foreach (var secret in _secrets)
        {
            text = text?.Replace(secret, Secret.Mask, StringComparison.Ordinal);
        }

        return JsonValue.Create(text);
    }
}
