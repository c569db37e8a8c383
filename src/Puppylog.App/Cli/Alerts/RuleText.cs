using System.Globalization;
using Puppylog.Alerts.Rules;

namespace Puppylog.App.Cli.Alerts;

/// <summary>A rule in words.</summary>
static class RuleText
{
    /// <summary><c>avg of total_traffic over 120 s above 10, good again below 8, for 60 s</c>.</summary>
    public static string Describe(AlertDraft rule)
    {
        var window = rule.Window is { } seconds ? $" over {Seconds(seconds)}" : "";
        var unit = rule.AgainstYesterday ? " % against yesterday" : "";
        List<string> parts = [];
        if (rule.Above is { } above)
        {
            parts.Add($"{Word(rule.Statistic)} of {rule.Metric}{window} above {Number(above)}{unit}{(rule.RecoverBelow is { } good ? $", good again below {Number(good)}" : "")}");
        }
        else if (rule.Below is { } below)
        {
            parts.Add($"{Word(rule.Statistic)} of {rule.Metric}{window} below {Number(below)}{unit}{(rule.RecoverAbove is { } good ? $", good again above {Number(good)}" : "")}");
        }

        if (rule.For > 0)
        {
            parts.Add($"for {Seconds(rule.For)}");
        }

        if (rule.NoData is { } silence)
        {
            parts.Add($"{(parts.Count == 0 ? $"{rule.Metric} " : "or ")}without records for {Seconds(silence)}");
        }

        return string.Join(", ", parts) + (rule.PerSegment ? ", per segment" : "");
    }

    public static string Word(WindowStatistic statistic) => statistic.ToString().ToLowerInvariant();

    public static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    public static string Number(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
