using System.CommandLine;
using System.Globalization;
using Puppylog.Alerts;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.App.Cli.Metrics;
using Puppylog.App.Cli.Store;
using Puppylog.Records;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts silence</c>.</summary>
static class SilenceCommand
{
    /// <summary>Seconds; longer ones are better deleted rules.</summary>
    public const int Longest = 366 * 86_400;

    const string Description = """
        Let an alert tell nobody for a while; it is evaluated as before. What still fires when that ends is told then. Without
        an alert: list the silences that have not ended.

        Examples:
          puppylog alerts silence totaltraffic --for 2h --why 'moving the shop'
          puppylog alerts silence route --segment /cart --for 30m --why known
          puppylog alerts silence                                    list
          puppylog alerts silence totaltraffic --lift                tell again
        """;

    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "The alert", Arity = ArgumentArity.ZeroOrOne };
        var duration = SecondsOption.Create("--for", "How long");
        var why = new Option<string?>("--why") { Description = "For those who ask", HelpName = "TEXT" };
        var segment = new Option<string?>("--segment") { Description = "This segment only", HelpName = "VALUE" };
        var lift = new Option<bool>("--lift") { Description = "End the alert's silences now" };
        var all = new Option<bool>("--all") { Description = "List those that have ended, too" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("silence", Description) { id, duration, why, segment, lift, all, data, output };
        command.SetAction(async parsed =>
        {
            var directory = parsed.GetRequiredValue(data);
            var store = AlertsCommand.Open(directory);
            var isJson = parsed.GetValue(output) == "json";
            if (parsed.GetValue(id) is not { } name)
            {
                RefuseWithoutAlert(parsed.GetValue(duration) is not null || parsed.GetValue(why) is not null || parsed.GetValue(segment) is not null || parsed.GetValue(lift));
                var now = AlertsCommand.Now();
                var shown = store.Read().Silences.Where(kept => parsed.GetValue(all) || kept.Silence.Until > now).ToList();
                await Console.Out.WriteAsync(isJson ? string.Concat(shown.Select(Json)) : Table(shown));
                return shown.Count > 0 ? ExitCode.Done : ExitCode.Nothing;
            }

            AlertsCommand.Find(directory, name);
            if (parsed.GetValue(lift))
            {
                if (parsed.GetValue(duration) is not null || parsed.GetValue(why) is not null || parsed.GetValue(segment) is not null)
                {
                    throw new OptionException("--lift ends the alert's silences and goes with no other option");
                }

                var lifted = store.Lift(name, AlertsCommand.Caller());
                await Console.Out.WriteLineAsync(lifted == 0 ? $"{name}: was not silent" : string.Create(CultureInfo.InvariantCulture, $"{name}: tells again"));
                return lifted > 0 ? ExitCode.Done : ExitCode.Nothing;
            }

            var kept = store.Add(Make(name, parsed.GetValue(segment), parsed.GetValue(duration), parsed.GetValue(why)));
            await Console.Out.WriteAsync(isJson ? Json(kept) : $"{name}: silent until {AlertText.Time(kept.Silence.Until)}; 'puppylog alerts silence {name} --lift' ends that\n");
            return ExitCode.Done;
        });
        return command;
    }

    static void RefuseWithoutAlert(bool isGiven)
    {
        if (isGiven)
        {
            throw new OptionException("which alert? Name it: puppylog alerts silence ID --for 2h --why TEXT");
        }
    }

    static Silence Make(string rule, string? segment, int? seconds, string? why)
    {
        List<string> mistakes = [];
        if (seconds is not (>= 1 and <= Longest))
        {
            mistakes.Add(seconds is null ? "say how long: --for 2h" : "--for takes 1 second to 366 days");
        }

        if (string.IsNullOrWhiteSpace(why))
        {
            mistakes.Add("say why, for those who ask: --why TEXT");
        }

        var now = AlertsCommand.Now();
        return mistakes.Count > 0
            ? throw new OptionException(string.Join("\npuppylog: ", mistakes))
            : new(rule, segment, now, now + seconds!.Value, why!.Trim()) { By = AlertsCommand.Caller() };
    }

    static string Table(List<KeptSilence> silences) => silences.Count == 0
        ? "no silences\n"
        : MetricText.Columns([["ALERT", "SEGMENT", "FROM", "UNTIL", "BY", "WHY"], .. silences.Select(kept => (string[])
            [
                kept.Silence.Rule, kept.Silence.Segment ?? "all", AlertText.Time(kept.Silence.From), AlertText.Time(kept.Silence.Until), kept.Silence.By ?? "-",
                kept.Silence.Why + (kept.Silence.LiftedBy is { } lifter ? $" (lifted by {lifter})" : ""),
            ])]);

    public static string Json(KeptSilence kept) => JsonLine.Write(json =>
    {
        json.WriteString("alert", kept.Silence.Rule);
        json.WriteString("segment", kept.Silence.Segment);
        json.WriteString("from", AlertText.Time(kept.Silence.From));
        json.WriteString("until", AlertText.Time(kept.Silence.Until));
        json.WriteString("why", kept.Silence.Why);
        json.WriteString("by", kept.Silence.By);
        json.WriteString("lifted_by", kept.Silence.LiftedBy);
        json.WriteString("created", Timestamps.ToRfc3339(kept.Item.Created));
    });
}
