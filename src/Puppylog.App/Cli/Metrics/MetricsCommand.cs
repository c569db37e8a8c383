using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Rules;
using Puppylog.App.Cli.Alerts;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Metrics;

/// <summary><c>puppylog metrics</c>.</summary>
static class MetricsCommand
{
    const string Description = """
        List the metrics: statistics over matching records per period, kept up to date as records are stored.

        They are exact for all records of the store: what was there before a metric was made is counted when it is made, what
        comes late corrects its period, and what is counted is stored with the records.

        Examples:
          puppylog metrics create --default
          puppylog metrics create -id errors -s count -pr 60 -seg section --filter 'status:>=500'
          puppylog metrics create -id slow -s p99 -p duration -pr 60 --filter 'section:/api'
          puppylog metrics get errors
          puppylog metrics get errors --limit 5 -o json
        """;

    const string CreateDescription = """
        Make a metric. The records that the store has are counted first.

        Statistics: count, sum, avg, min, max, stddev, variance, median, p50 to p99.9, quantile(0.99), distinct.
        Quantiles are within 0.2 %; distinct is exact up to 1,024 values a period, then within 1 %. Of a period the 1,000
        segments (--top) with the most records are shown, and the records of all others together as 'other'.

        Examples:
          puppylog metrics create --default
          puppylog metrics create -id requests -s count -pr 1
          puppylog metrics create -id errors -s count -pr 60 -seg section --filter 'status:>=500'
          puppylog metrics create -id traffic -s sum -p response_bsize -pr 10 -seg section,method
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("metrics", Description) { data, output, CreateCreate(), GetMetricCommand.Create(), CreateMeta(), CreateDelete() };
        command.SetAction(async parsed =>
        {
            var metrics = Open(parsed.GetRequiredValue(data)).List();
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? MetricText.Json(metrics) : MetricText.Table(metrics));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateCreate()
    {
        var id = new Option<string>("--identifier", "-id") { Description = "The metric's name", HelpName = "ID" };
        var defaults = new Option<bool>("--default") { Description = "Make total_traffic (records per second), total_traffic_per_route (records per section and ten seconds), and the alert totaltraffic (total_traffic above 10 a second over 120 seconds)" };
        var statistic = new Option<string>("--stat", "-s") { Description = "What is computed", HelpName = "STAT", DefaultValueFactory = _ => "count" };
        var property = new Option<string?>("--prop", "-p") { Description = "The field that it is computed from; count does without. Other names of fields are accepted: status_code, request_method, http.response.status_code, …", HelpName = "FIELD" };
        var period = new Option<int>("--period", "-pr") { Description = "Length of a period", HelpName = "SECONDS", DefaultValueFactory = _ => MetricRequest.DefaultPeriod };
        var refresh = new Option<int?>("--refresh_rate", "-rr") { Description = "How often what shows it is redrawn (metrics get --follow); as the period where not given", HelpName = "SECONDS" };
        var segments = new Option<string?>("--segment_expression", "-seg") { Description = "Field, or fields with commas between, by whose values it is taken apart", HelpName = "FIELD" };
        var top = new Option<int>("--top") { Description = "Segments of a period that are shown: those with the most records", HelpName = "N", DefaultValueFactory = _ => MetricDefinition.MaxSegments };
        var lateness = new Option<int>("--lateness") { Description = "How long a period is provisional after its end, as late records are waited for; later ones are counted, too", HelpName = "SECONDS", DefaultValueFactory = _ => MetricRequest.DefaultLateness };
        var filter = new Option<string>("--filter") { Description = "Which records", HelpName = "LOGSQL", DefaultValueFactory = _ => "*" };
        var data = CommonOptions.Data();
        var command = new Command("create", CreateDescription) { id, defaults, statistic, property, period, refresh, segments, top, lateness, filter, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<MetricRequest> requests;
            if (parsed.GetValue(defaults))
            {
                requests = parsed.GetValue(id) is null ? MetricRequest.Defaults : throw new OptionException("--default names its metrics itself; leave --identifier out");
            }
            else
            {
                var seconds = parsed.GetValue(period);
                requests =
                [
                    new(
                        parsed.GetValue(id) ?? throw new OptionException("a metric needs a name: --identifier ID (or --default for the usual ones)"),
                        parsed.GetRequiredValue(statistic), parsed.GetValue(property), seconds, parsed.GetValue(refresh) ?? Math.Max(1, seconds),
                        [.. (parsed.GetValue(segments) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)], parsed.GetRequiredValue(filter))
                    {
                        Lateness = parsed.GetValue(lateness),
                        Top = parsed.GetValue(top),
                    },
                ];
            }

            await CreateAsync(parsed.GetRequiredValue(data), requests, cancellationToken);
            if (parsed.GetValue(defaults))
            {
                await CreateAlertAsync(parsed.GetRequiredValue(data));
            }

            return ExitCode.Done;
        });
        return command;
    }

    static async Task CreateAsync(string directory, IReadOnlyList<MetricRequest> requests, CancellationToken cancellationToken)
    {
        var metrics = Check(directory, requests);
        // Makes the store where there is none, and brings an older one up to date.
        var options = StoreSettings.Options(TimeProvider.System);
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, options, cancellationToken);
        var records = await new MetricStore(directory, options).CreateAsync(metrics, cancellationToken);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(", ", metrics.Select(metric => metric.Id))}: made; {records:N0} record{(records == 1 ? "" : "s")} of the store looked at"));
    }

    /// <exception cref="OptionException">What is wrong, all of it.</exception>
    static ImmutableArray<MetricDefinition> Check(string directory, IReadOnlyList<MetricRequest> requests)
    {
        List<MetricMistake> mistakes = [];
        var known = Open(directory).List().Where(metric => metric.Row.IsFilled).Select(metric => metric.Metric.Id).ToHashSet(StringComparer.Ordinal);
        mistakes.AddRange(requests.Where(request => known.Contains(request.Id)).Select(request => new MetricMistake("id", Known(request.Id))));
        ImmutableArray<MetricDefinition> metrics = [.. requests.Select(request => request.TryCheck(Timestamps.Now(TimeProvider.System), mistakes)).OfType<MetricDefinition>()];
        return mistakes.Count == 0 ? metrics : throw new OptionException(string.Join("\npuppylog: ", mistakes.Select(mistake => mistake.Message)));
    }

    static Task CreateAlertAsync(string directory)
    {
        var (alerts, draft) = (new AlertStore(directory, TimeProvider.System), AlertDraft.TotalTraffic);
        if (alerts.Read().Find(draft.Id!) is not null)
        {
            return Console.Out.WriteLineAsync($"the alert '{draft.Id}' is there already");
        }

        alerts.Add(draft);
        return Console.Out.WriteLineAsync($"{draft.Id}: made; {RuleText.Describe(draft)}");
    }

    static Command CreateMeta()
    {
        var id = Identifier();
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("meta", "Show how a metric is defined.\n\nExample:\n  puppylog metrics meta total_traffic") { id, data, output };
        command.SetAction(async parsed =>
        {
            var found = Find(Open(parsed.GetRequiredValue(data)), parsed.GetRequiredValue(id));
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? MetricText.Json([found]) : MetricText.Meta(found.Metric, found.Row));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateDelete()
    {
        var id = Identifier();
        var data = CommonOptions.Data();
        var command = new Command("delete", "Forget a metric and what it came to; the records stay. One that an alert watches is not deleted.\n\nExample:\n  puppylog metrics delete total_traffic") { id, data };
        command.SetAction(parsed =>
        {
            var (directory, name) = (parsed.GetRequiredValue(data), parsed.GetRequiredValue(id));
            var store = Open(directory);
            var (metric, _) = Find(store, name);
            RefuseWatched(directory, name);
            if (!store.Delete(name))
            {
                throw Missing(name);
            }

            if (metric.IsConfigured)
            {
                Console.Error.WriteLine($"puppylog: a configuration names '{name}': the next start with it, or its reload, makes the metric again");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="UsageException">Alerts watch the metric.</exception>
    public static void RefuseWatched(string directory, string name)
    {
        var watching = new AlertStore(directory, TimeProvider.System).Read().Rules.Where(rule => rule.Draft.Metric == name).ToList();
        if (watching.Count > 0)
        {
            var ways = watching.Select(rule => rule.Item.IsConfigured ? $"take '{rule.Id}' out of the configuration" : $"'puppylog alerts delete {rule.Id}'");
            throw new UsageException(
                $"the metric '{name}' is not deleted: {(watching.Count == 1 ? "the alert" : "the alerts")} {string.Join(", ", watching.Select(rule => $"'{rule.Id}'"))} {(watching.Count == 1 ? "watches" : "watch")} it; first {string.Join(", ", ways)}");
        }
    }

    public static Argument<string> Identifier() => new("ID") { Description = "The metric" };

    public static MetricStore Open(string directory) => new(directory, StoreSettings.Options(TimeProvider.System));

    public static (MetricDefinition Metric, MetricRow Row) Find(MetricStore store, string id) =>
        store.List().Where(known => known.Metric.Id == id).Select(known => ((MetricDefinition, MetricRow)?)known).FirstOrDefault() ?? throw Missing(id);

    public static string Known(string id) => $"there is a metric '{id}' already; 'puppylog metrics delete {id}' removes it, another --identifier keeps both";

    public static UsageException Missing(string id) => new($"there is no metric '{id}'; 'puppylog metrics' lists them");
}
