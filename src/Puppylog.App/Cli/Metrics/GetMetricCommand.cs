using System.CommandLine;
using Puppylog.Metrics;

namespace Puppylog.App.Cli.Metrics;

/// <summary><c>puppylog metrics get</c>.</summary>
static class GetMetricCommand
{
    const string Description = """
        Show what a metric came to, oldest first.

        Periods without records are left out. A period that may still change is marked provisional: until there are records
        --lateness younger than its end, or none have come for so long. With --follow it is shown again every --refresh_rate
        seconds of the metric; as json, each observation when it is new or has changed.

        Examples:
          puppylog metrics get total_traffic
          puppylog metrics get total_traffic --follow
          puppylog metrics get total_traffic --limit 100 -o json
        """;

    /// <summary>Observations that a table shows unless it is said.</summary>
    const int ShownRows = 20;

    public static Command Create()
    {
        var id = MetricsCommand.Identifier();
        var limit = new Option<int?>("--limit", "-n") { Description = "The newest N observations only; 20 as text, all as json", HelpName = "N" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until stopped" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("get", Description) { id, limit, follow, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (name, most) = (parsed.GetRequiredValue(id), parsed.GetValue(limit));
            if (most < 1)
            {
                throw new OptionException("--limit takes a number from 1 on");
            }

            var store = MetricsCommand.Open(parsed.GetRequiredValue(data));
            var (metric, _) = MetricsCommand.Find(store, name);
            var isJson = parsed.GetValue(output) == "json";
            if (parsed.GetValue(follow))
            {
                await new FollowedMetric(store, metric, isJson, most ?? (isJson ? int.MaxValue : ShownRows), Console.Out, TimeProvider.System)
                {
                    IsRedrawn = !isJson && !Console.IsOutputRedirected,
                }.RunAsync(cancellationToken);
                return ExitCode.Done;
            }

            var reading = store.ReadAll(name) ?? throw MetricsCommand.Missing(name);
            var shown = reading.Observations.TakeLast(most ?? (isJson ? int.MaxValue : ShownRows)).ToList();
            await Console.Out.WriteAsync(isJson ? ObservationText.Json(shown) : ObservationText.Table(metric, reading, shown));
            return shown.Count > 0 ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }
}
