using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Rules;
using Puppylog.Query.Syntax;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts create</c>.</summary>
static class CreateAlertCommand
{
    const string Description = """
        Make an alert. It judges from the next record on; what the store has fills its windows ('puppylog alerts replay'
        tells what it would have done before).

        It fires when the statistic of the metric's periods within the window is over --above (or under --below) for --for
        seconds, and recovers when it is under --recover-below (over --recover-above), or at the other side of the
        threshold. --no-data fires without any record for so long, by itself or beside a threshold.

        Examples:
          puppylog alerts create -id totaltraffic --metric total_traffic --statistic avg --window 120 --above 10
          puppylog alerts create -id errors --metric errors --statistic sum --window 5m --above 100 --recover-below 50 --for 60 --severity critical --label team=web --notify ops
          puppylog alerts create -id quiet --metric total_traffic --no-data 300
          puppylog alerts create -id route --metric total_traffic_per_route --statistic sum --window 60 --above 1000 --per-segment
          puppylog alerts create -id drop --metric total_traffic --statistic sum --window 1h --below -50 --against-yesterday
        """;

    static readonly Option<string?> Id = new("--identifier", "-id") { Description = "The alert's name", HelpName = "ID" };
    static readonly Option<string?> Metric = new("--metric") { Description = "The metric that is watched; 'puppylog metrics' lists them", HelpName = "ID" };
    static readonly Option<string> Statistic = new("--statistic", "-s") { Description = "What is computed of the window's periods", HelpName = "avg|min|max|sum|last", DefaultValueFactory = _ => "avg" };
    static readonly Option<int?> Window = SecondsOption.Create("--window", "Whole periods of the metric that are looked at; one where not given");
    static readonly Option<decimal?> Above = Number("--above", "Fire when the value is over this");
    static readonly Option<decimal?> Below = Number("--below", "Fire when the value is under this");
    static readonly Option<decimal?> RecoverBelow = Number("--recover-below", "Recover only when it is under this");
    static readonly Option<decimal?> RecoverAbove = Number("--recover-above", "Recover only when it is over this");
    static readonly Option<int?> For = SecondsOption.Create("--for", "How long the value has to be bad before it fires");
    static readonly Option<int?> NoData = SecondsOption.Create("--no-data", "Fire without any record for so long");
    static readonly Option<bool> AgainstYesterday = new("--against-yesterday") { Description = "The threshold is percent of change against the same window a day before" };
    static readonly Option<bool> PerSegment = new("--per-segment") { Description = "Each segment of the metric by itself; else the whole is watched" };
    static readonly Option<string> Severity = new("--severity") { Description = "How bad it is", HelpName = "info|warning|critical", DefaultValueFactory = _ => "warning" };
    static readonly Option<string[]> Labels = new("--label") { Description = "Told with every notice; may be repeated", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = true };
    static readonly Option<string?> Title = new("--title") { Description = "What notices call it; its name where not given", HelpName = "TEXT" };
    static readonly Option<string?> ValueName = new("--value-name") { Description = "What notices call the value; the metric where not given", HelpName = "TEXT" };
    static readonly Option<int> Samples = new("--samples") { Description = "Lines of the cause that a notice shows", HelpName = "N", DefaultValueFactory = _ => 3 };
    static readonly Option<string[]> Notify = new("--notify") { Description = "Who is told: names of notifiers; all where not given", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };

    public static Command Create()
    {
        Statistic.TakeOnly("avg", "min", "max", "sum", "last");
        Severity.TakeOnly("info", "warning", "critical");
        Labels.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--label takes NAME=VALUE, such as team=web, not '{token.Value}'");
            }
        });
        var data = CommonOptions.Data();
        var command = new Command("create", Description)
        {
            Id, Metric, Statistic, Window, Above, Below, RecoverBelow, RecoverAbove, For, NoData, AgainstYesterday, PerSegment, Severity, Labels, Title, ValueName, Samples, Notify, data,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(data);
            var draft = Draft(parsed);
            var store = AlertsCommand.Open(directory);
            var rule = Check(draft, store);
            // Makes the store where there is none, and brings an older one up to date.
            await using (await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(TimeProvider.System), cancellationToken))
            {
                store.Add(draft);
            }

            await Console.Out.WriteLineAsync($"{draft.Id}: made; {RuleText.Describe(draft with { Window = rule.Window })}; tells {AlertTable.Receivers(draft, store.Read())}");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The rule of a draft, with what the store knows.</summary>
    /// <exception cref="OptionException">All that is wrong.</exception>
    public static AlertRule Check(AlertDraft draft, AlertStore store)
    {
        var rule = draft.Check(store.Metrics(), out var mistakes);
        var known = store.Read().Notifiers.Select(notifier => notifier.Name).ToList();
        List<string> all = [.. mistakes.Select(mistake => mistake.Text)];
        all.AddRange(draft.Notify.Except(known).Select(name =>
            $"there is no notifier '{name}'{Suggestion.Nearest(name, known)}{(known.Count == 0 ? "; 'puppylog alerts notifiers create' makes one" : $"; there are {string.Join(", ", known)}")}"));
        return all.Count > 0 || rule is null ? throw new OptionException(string.Join("\npuppylog: ", all)) : rule;
    }

    static AlertDraft Draft(ParseResult parsed) => new()
    {
        Id = parsed.GetValue(Id),
        Metric = parsed.GetValue(Metric),
        Statistic = Enum.Parse<WindowStatistic>(parsed.GetRequiredValue(Statistic), ignoreCase: true),
        Window = parsed.GetValue(Window),
        Above = parsed.GetValue(Above),
        Below = parsed.GetValue(Below),
        RecoverBelow = parsed.GetValue(RecoverBelow),
        RecoverAbove = parsed.GetValue(RecoverAbove),
        For = parsed.GetValue(For) ?? 0,
        NoData = parsed.GetValue(NoData),
        AgainstYesterday = parsed.GetValue(AgainstYesterday),
        PerSegment = parsed.GetValue(PerSegment),
        Severity = Enum.Parse<Severity>(parsed.GetRequiredValue(Severity), ignoreCase: true),
        Labels = (parsed.GetValue(Labels) ?? []).Select(label => label.Split('=', 2)).GroupBy(label => label[0]).ToDictionary(label => label.Key, label => label.Last()[1], StringComparer.Ordinal),
        Title = parsed.GetValue(Title),
        ValueName = parsed.GetValue(ValueName),
        Samples = parsed.GetValue(Samples),
        Notify = parsed.GetValue(Notify) ?? [],
    };

    static Option<decimal?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError($"{name} takes a number, such as 10 or 0.5, not '{text}'");
            return null;
        },
    };
}
