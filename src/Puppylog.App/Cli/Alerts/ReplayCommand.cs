using System.CommandLine;
using Puppylog.Alerts;
using Puppylog.Alerts.Watching;
using Puppylog.App.Cli.Search;
using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts replay</c>.</summary>
static class ReplayCommand
{
    const string Description = """
        Say what an alert would have done on what the store has. Nobody is told, and nothing is kept.

        It is computed from the metric, and from the records where the metric does not reach back so far, or with --records.
        Ends with 1 where nothing would have happened.

        Examples:
          puppylog alerts replay totaltraffic --since 1d
          puppylog alerts replay totaltraffic --since 2026-11-01 --until 2026-11-02 -o json
        """;

    public static Command Create()
    {
        var id = AlertsCommand.Identifier();
        var since = new Option<string?>("--since") { Description = "From here on: a time, a date, or a duration back from now (5m, 2h, 1d); from the first record where not given", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = "Up to here, written the same way; to the last record where not given", HelpName = "TIME" };
        var records = new Option<bool>("--records") { Description = "Count the records themselves" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("replay", Description) { id, since, until, records, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(data);
            var (_, kept) = AlertsCommand.Find(directory, parsed.GetRequiredValue(id));
            var rule = kept.Rule ?? throw new UsageException($"alert {kept.Id} cannot be evaluated: {kept.Trouble}");
            var now = Timestamps.Now(TimeProvider.System);
            var (from, to) = (Second(parsed.GetValue(since), "--since", now), Second(parsed.GetValue(until), "--until", now));
            if (from >= to)
            {
                throw new OptionException("--since has to lie before --until");
            }

            var replay = new AlertReplay(rule, from, to);
            var observer = new MetricObserver(directory, StoreSettings.Options(TimeProvider.System));
            var observations = await observer.ReadAsync(rule.Metric.Id, replay.From, replay.To, parsed.GetValue(records), cancellationToken);
            var signals = replay.Run(observations ?? []).ConvertAll(signal => WatchedRule.Row(rule, kept.Item.Number, signal, isSettled: true, isTold: false));
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? AlertTable.HistoryJson(kept.Id, signals) : AlertTable.History(signals));
            return signals.Count > 0 ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }

    static long? Second(string? text, string option, long now) =>
        text is null ? null
        : TimeBound.TryParse(text, now, out var time) ? time / Timestamps.Second
        : throw new OptionException($"{option} takes a time (2026-11-21T14:00:00Z), a date, or a duration back from now (5m, 2h, 1d), not '{text}'");
}
