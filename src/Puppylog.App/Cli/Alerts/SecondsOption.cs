using System.CommandLine;
using System.Globalization;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.App.Cli.Alerts;

/// <summary>Options that take seconds, bare or as a duration: <c>120</c>, <c>2m</c>.</summary>
static class SecondsOption
{
    public static Option<int?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, out var seconds))
            {
                return seconds;
            }

            result.AddError($"{name} takes seconds, such as 120, or a whole number of them as a duration, such as 2m or 1h30m; not '{text}'");
            return null;
        },
    };

    public static bool TryParse(string text, out int seconds)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds))
        {
            return true;
        }

        var isWhole = Durations.TryParse(text, out var nanoseconds) && nanoseconds % Timestamps.Second == 0 && nanoseconds / Timestamps.Second <= int.MaxValue;
        seconds = isWhole ? (int)(nanoseconds / Timestamps.Second) : 0;
        return isWhole;
    }
}
