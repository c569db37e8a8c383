using System.Globalization;
using Puppylog.Alerts;

namespace Puppylog.App.Watch.Boards;

/// <summary>The dashboard's own alert, as one among the others.</summary>
static class TrafficAlertBoard
{
    public const string Id = "traffic";

    /// <summary>Under the state's lock.</summary>
    public static AlertEntry Entry(WatchState state)
    {
        var rule = state.Settings.Rule;
        return new(
            Id,
            "",
            state.Alert.IsFiring ? AlertStanding.Firing : AlertStanding.Ok,
            state.History is [.., var last] ? last.Time : null,
            $"{AlertTransition.FormatAverage(state.Alert.Hits, rule.Window)}/s",
            string.Create(CultureInfo.InvariantCulture, $"average of {rule.Window} s above {rule.Threshold:0.##}/s"));
    }

    /// <summary>Newest first.</summary>
    public static IEnumerable<AlertEvent> Events(WatchState state) =>
        Enumerable.Reverse(state.History).Select(crossing => new AlertEvent(Id, crossing.Time, crossing.Triggered ? AlertEvent.Firing : AlertEvent.Recovered, crossing.Value, crossing.Message));
}
