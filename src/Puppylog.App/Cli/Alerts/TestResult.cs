using Puppylog.App.Cli.Store;

namespace Puppylog.App.Cli.Alerts;

/// <param name="Name">The notifier.</param>
/// <param name="Problem">Why it was not told; null where it was.</param>
sealed record TestResult(string Name, string? Problem)
{
    public string Json() => JsonLine.Write(json =>
    {
        json.WriteString("notifier", Name);
        json.WriteBoolean("told", Problem is null);
        json.WriteOptional("problem", Problem);
    });
}
