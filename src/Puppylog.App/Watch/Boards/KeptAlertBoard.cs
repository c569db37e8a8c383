using System.Globalization;
using Puppylog.Alerts;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.States;
using Puppylog.App.Cli.Alerts;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Watch.Boards;

/// <summary>The alerts of a store as <c>alerts</c> lists them, with the history of one.</summary>
static class KeptAlertBoard
{
    /// <summary>What happened that is shown.</summary>
    const int MostEvents = 200;

    /// <param name="store">Where they are kept.</param>
    /// <param name="id">Whose history is wanted; null for nobody's.</param>
    /// <param name="now">Seconds since 1970 UTC.</param>
    public static AlertBoard Read(AlertStore store, string? id, long now)
    {
        var view = store.Read();
        var chosen = id is null ? null : view.Find(id);
        return new(
            [.. view.Rules.SelectMany(rule => Entries(view, rule, now))],
            chosen is null ? [] : [.. store.History(chosen).Reverse().Take(MostEvents).Select(signal => Event(chosen.Id, signal))],
            view.Rules.Count == 0 ? "No alerts on metrics: 'puppylog alerts create' makes one."
                : view.Image.Mark is { Second: > 0 } mark ? $"evaluated up to {AlertText.Time(mark.Second)}"
                : "not evaluated yet: whoever collects into the store does it");
    }

    /// <summary>One for the rule; of one per segment, one more for each segment that does not rest.</summary>
    static IEnumerable<AlertEntry> Entries(AlertsView view, KeptRule rule, long now)
    {
        var rows = AlertRows.Of(rule);
        var silence = AlertRows.SilentUntil(view, rule, now);
        string[] remarks = [RuleText.Word(rule.Draft.Severity), silence is { } until ? $"silent until {AlertText.Time(until)}" : "", rule.Trouble is { } trouble ? $"not evaluated: {trouble}" : ""];
        var words = RuleText.Describe(rule.Draft);
        var remark = string.Join(" · ", remarks.Where(text => text.Length > 0));
        var first = rows.Count > 0 ? rows[0] : default;
        var state = rule.State is null ? AlertStanding.Unknown : rows.Count == 0 ? AlertStanding.Ok : Standing(first.State, silence is not null);
        if (!rule.Draft.PerSegment || rows.Count == 0)
        {
            yield return new(rule.Id, "", state, rows.Count > 0 ? first.Since : null, first.Value ?? "", words, remark);
            yield break;
        }

        var firing = rows.Count(row => row.State is AlertState.Firing);
        yield return new(rule.Id, "", state, rows.Max(row => row.Since), firing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{firing} of {rows.Count}"), words, remark);
        foreach (var row in rows.Where(row => row.State is not AlertState.Ok))
        {
            yield return new(rule.Id, row.Segment, Standing(row.State, silence is not null), row.Since, row.Value ?? "", words, "");
        }
    }

    static AlertStanding Standing(AlertState state, bool isSilent) => state switch
    {
        AlertState.Firing => isSilent ? AlertStanding.Silenced : AlertStanding.Firing,
        AlertState.Pending => AlertStanding.Pending,
        _ => AlertStanding.Ok,
    };

    static AlertEvent Event(string id, AlertSignalRow signal)
    {
        var name = signal.Segment.Length == 0 ? id : $"{id} ({signal.Segment})";
        return new(
            id,
            signal.Time,
            signal.Kind,
            signal.Value ?? "",
            signal.Message.Length > 0 ? signal.Message : $"{name} {signal.Kind}{(signal.Value is { } value ? $" - {value}" : "")}, {AlertText.Time(signal.Time)}");
    }
}
