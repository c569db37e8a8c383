using System.Globalization;
using Puppylog.Alerts;
using Puppylog.App.Watch;

namespace Puppylog.App.Tui;

/// <summary>The traffic alert in few words.</summary>
static class TrafficAlertText
{
    /// <summary>Hits per second over the rule's window.</summary>
    public static string Average(WatchState state) => AlertTransition.FormatAverage(state.Alert.Hits, state.Settings.Rule.Window);

    public static string Threshold(WatchState state) => state.Settings.Rule.Threshold.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>For where the contract's words have no room.</summary>
    public static string Short(AlertTransition transition) =>
        $"{(transition.Triggered ? "▲ high traffic" : "▼ recovered   ")}  {transition.TimeText}  {transition.Value} hits/s";
}
