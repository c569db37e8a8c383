using Puppylog.Alerts;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.States;

namespace Puppylog.App.Cli.Alerts;

/// <summary>Where alerts stand, to be shown.</summary>
static class AlertRows
{
    /// <summary>How a segment stands.</summary>
    /// <param name="Segment">"" for the whole.</param>
    /// <param name="Since">The second since which it is so, since 1970 UTC.</param>
    /// <param name="Value">As it was last evaluated; null where there was none.</param>
    public readonly record struct Row(string Segment, AlertState State, long Since, string? Value);

    /// <summary>The segments of a rule, those that fire first; empty before it was evaluated.</summary>
    public static List<Row> Of(KeptRule rule) =>
    [
        .. (rule.State?.States.Live ?? [])
            .Select(track => new Row(track.Segment, track.State, track.Since, rule.State!.Values.GetValueOrDefault(track.Segment)))
            .OrderByDescending(row => row.State).ThenBy(row => row.Segment, StringComparer.Ordinal),
    ];

    public static bool IsFiring(KeptRule rule) => rule.State?.States.Live.Any(track => track.State is AlertState.Firing) == true;

    /// <summary><c>firing</c>, <c>pending</c>, <c>ok</c>; <c>-</c> before it was evaluated.</summary>
    public static string State(KeptRule rule) => Of(rule) is [var first, ..] ? Word(first.State) : rule.State is null ? "-" : "ok";

    public static string Word(AlertState state) => state.ToString().ToLowerInvariant();

    /// <summary>Until when a rule tells nobody; null where it does.</summary>
    public static long? SilentUntil(AlertsView view, KeptRule rule, long now) => view.Silences
        .Where(kept => kept.Silence.Rule == rule.Id && kept.Silence.From <= now && kept.Silence.Until > now).Select(kept => (long?)kept.Silence.Until).Max();

    public static string Time(long second) => AlertText.Time(second);
}
