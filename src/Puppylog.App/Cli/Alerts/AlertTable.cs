using System.Globalization;
using System.Text.Json;
using Puppylog.Alerts;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.App.Cli.Metrics;
using Puppylog.App.Cli.Store;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Alerts;

/// <summary>How alerts are shown.</summary>
static class AlertTable
{
    /// <param name="now">Seconds since 1970 UTC.</param>
    public static string List(AlertsView view, long now)
    {
        if (view.Rules.Count == 0)
        {
            return "no alerts\n";
        }

        string[][] rows =
        [
            ["ALERT", "STATE", "SINCE", "VALUE", "SEVERITY", "RULE"],
            .. view.Rules.SelectMany(rule => Rows(view, rule, now)),
        ];
        var evaluated = view.Image.Mark is { Second: > 0 } mark ? $"evaluated up to {AlertText.Time(mark.Second)}" : "not evaluated yet: whoever collects into the store does it ('puppylog collect', 'puppylog serve')";
        return MetricText.Columns(rows) + evaluated + "\n";
    }

    public static string ListJson(AlertsView view, long now) => string.Concat(view.Rules.Select(rule => JsonLine.Write(json =>
    {
        json.WriteString("alert", rule.Id);
        json.WriteString("metric", rule.Draft.Metric);
        json.WriteString("state", AlertRows.State(rule));
        json.WriteString("rule", RuleText.Describe(rule.Draft));
        json.WriteString("severity", RuleText.Word(rule.Draft.Severity));
        json.WriteOptional("trouble", rule.Trouble);
        WriteStanding(json, view, rule, now);
    })));

    /// <summary>How an alert is defined, and where it stands.</summary>
    /// <param name="now">Seconds since 1970 UTC.</param>
    public static string WholeJson(AlertsView view, KeptRule rule, long now) => JsonLine.Write(json =>
    {
        WriteMeta(json, rule);
        json.WriteString("state", AlertRows.State(rule));
        json.WriteString("rule", RuleText.Describe(rule.Draft));
        WriteStanding(json, view, rule, now);
    });

    static void WriteStanding(Utf8JsonWriter json, AlertsView view, KeptRule rule, long now)
    {
        json.WriteOptional("evaluated", rule.State?.States.At is { } at ? AlertText.Time(at) : null);
        json.WriteOptional("silent_until", AlertRows.SilentUntil(view, rule, now) is { } until ? AlertText.Time(until) : null);
        json.WriteStartArray("segments");
        foreach (var row in AlertRows.Of(rule))
        {
            json.WriteStartObject();
            json.WriteString("segment", row.Segment);
            json.WriteString("state", AlertRows.Word(row.State));
            json.WriteString("since", AlertText.Time(row.Since));
            json.WriteString("value", row.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A line each, for what is no terminal: <c>2026-11-22T10:00:00Z totaltraffic firing 12.5</c>.</summary>
    public static string Lines(AlertsView view, long now) => string.Concat(view.Rules.SelectMany(rule => Rows(view, rule, now).Select(row =>
        MetricText.Clean($"{(rule.State?.States.At is { } at ? AlertText.Time(at) : "-")} {row[0].Trim()} {row[1]} {row[3]}") + "\n")));

    public static string Meta(KeptRule rule, AlertsView view)
    {
        var draft = rule.Draft;
        return MetricText.Columns(
        [
            ["alert", rule.Id],
            ["rule", RuleText.Describe(draft)],
            ["metric", draft.Metric ?? "-"],
            ["statistic", RuleText.Word(draft.Statistic)],
            ["window", (rule.Rule?.Window ?? draft.Window) is { } window ? RuleText.Seconds(window) : "-"],
            ["above", Number(draft.Above)],
            ["below", Number(draft.Below)],
            ["recover-below", Number(draft.RecoverBelow ?? draft.Above)],
            ["recover-above", Number(draft.RecoverAbove ?? draft.Below)],
            ["for", RuleText.Seconds(draft.For)],
            ["no-data", draft.NoData is { } silence ? RuleText.Seconds(silence) : "-"],
            ["against-yesterday", draft.AgainstYesterday ? "yes" : "no"],
            ["per-segment", draft.PerSegment ? "yes" : "no"],
            ["severity", RuleText.Word(draft.Severity)],
            ["labels", draft.Labels.Count == 0 ? "-" : string.Join(", ", draft.Labels.Select(label => $"{label.Key}={label.Value}"))],
            ["title", draft.Title ?? rule.Id],
            ["value-name", draft.ValueName ?? draft.Metric ?? "-"],
            ["samples", draft.Samples.ToString(CultureInfo.InvariantCulture)],
            ["tells", Receivers(draft, view)],
            ["named in", rule.Item.IsConfigured ? "the configuration" : "the store"],
            ["created", Timestamps.ToRfc3339(rule.Item.Created)],
            .. rule.Trouble is null ? Array.Empty<string[]>() : [["trouble", rule.Trouble]],
        ]);
    }

    public static string MetaJson(KeptRule rule) => JsonLine.Write(json => WriteMeta(json, rule));

    static void WriteMeta(Utf8JsonWriter json, KeptRule rule)
    {
        var draft = rule.Draft;
        json.WriteString("alert", rule.Id);
        json.WriteString("metric", draft.Metric);
        json.WriteString("statistic", RuleText.Word(draft.Statistic));
        WriteNumber(json, "window", rule.Rule?.Window ?? draft.Window);
        WriteNumber(json, "above", draft.Above);
        WriteNumber(json, "below", draft.Below);
        WriteNumber(json, "recover_below", draft.RecoverBelow ?? draft.Above);
        WriteNumber(json, "recover_above", draft.RecoverAbove ?? draft.Below);
        json.WriteNumber("for", draft.For);
        WriteNumber(json, "no_data", draft.NoData);
        json.WriteBoolean("against_yesterday", draft.AgainstYesterday);
        json.WriteBoolean("per_segment", draft.PerSegment);
        json.WriteString("severity", RuleText.Word(draft.Severity));
        json.WriteStartObject("labels");
        foreach (var (name, value) in draft.Labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("title", draft.Title ?? rule.Id);
        json.WriteString("value_name", draft.ValueName ?? draft.Metric);
        json.WriteNumber("samples", draft.Samples);
        json.WriteStartArray("notify");
        foreach (var name in draft.Notify)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteBoolean("configured", rule.Item.IsConfigured);
        json.WriteString("created", Timestamps.ToRfc3339(rule.Item.Created));
        json.WriteOptional("trouble", rule.Trouble);
    }

    public static string History(IReadOnlyList<AlertSignalRow> signals) => signals.Count == 0
        ? "nothing happened\n"
        : MetricText.Columns([["TIME", "WHAT", "SEGMENT", "VALUE", "CAUSE", "MESSAGE"], .. signals.Select(signal => (string[])
            [AlertText.Time(signal.Time), signal.Kind, signal.Segment.Length == 0 ? "-" : signal.Segment, signal.Value ?? "-", signal.Cause, signal.Message.Length == 0 ? "-" : signal.Message])]);

    public static string HistoryJson(string alert, IEnumerable<AlertSignalRow> signals) => string.Concat(signals.Select(signal => JsonLine.Write(json =>
    {
        json.WriteString("alert", alert);
        json.WriteString("time", AlertText.Time(signal.Time));
        json.WriteString("segment", signal.Segment);
        json.WriteString("kind", signal.Kind);
        json.WriteString("value", signal.Value);
        json.WriteString("cause", signal.Cause);
        json.WriteNumber("episode", signal.Episode);
        json.WriteString("message", signal.Message);
        json.WriteBoolean("settled", signal.IsSettled);
    })));

    public static string Receivers(AlertDraft draft, AlertsView view) =>
        draft.Notify.Count > 0 ? string.Join(", ", draft.Notify)
        : view.Notifiers.Count == 0 ? "the console of the process that stores"
        : string.Join(", ", view.Notifiers.Select(notifier => notifier.Name));

    /// <summary>One row; of a rule per segment one for each that does not rest, below one for all.</summary>
    static IEnumerable<string[]> Rows(AlertsView view, KeptRule rule, long now)
    {
        var rows = AlertRows.Of(rule);
        var silence = AlertRows.SilentUntil(view, rule, now) is { } until ? $" (silent until {AlertText.Time(until)})" : "";
        var (severity, text) = (RuleText.Word(rule.Draft.Severity), RuleText.Describe(rule.Draft) + (rule.Trouble is { } trouble ? $"; not evaluated: {trouble}" : ""));
        if (!rule.Draft.PerSegment || rows.Count == 0)
        {
            var row = rows.Count > 0 ? rows[0] : default;
            yield return [rule.Id, AlertRows.State(rule) + silence, rows.Count > 0 ? AlertText.Time(row.Since) : "-", row.Value ?? "-", severity, text];
            yield break;
        }

        var firing = rows.Count(row => row.State is AlertState.Firing);
        yield return [rule.Id, string.Create(CultureInfo.InvariantCulture, $"{AlertRows.State(rule)}{(firing > 0 ? $" ({firing} of {rows.Count})" : "")}{silence}"), AlertText.Time(rows.Max(row => row.Since)), "-", severity, text];
        foreach (var row in rows.Where(row => row.State is not AlertState.Ok))
        {
            yield return [$"  {rule.Id}/{row.Segment}", AlertRows.Word(row.State), AlertText.Time(row.Since), row.Value ?? "-", severity, ""];
        }
    }

    static string Number(decimal? value) => value is { } number ? RuleText.Number(number) : "-";

    static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
