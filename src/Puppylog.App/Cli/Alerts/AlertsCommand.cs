using System.CommandLine;
using Puppylog.Alerts.Keeping;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts</c>.</summary>
static class AlertsCommand
{
    const string Description = """
        List the alerts and where they stand: rules on metrics, and who is told when they are broken.

        They are evaluated every second by the process that stores ('puppylog collect', 'puppylog serve'), on the time of
        the records. Without a notifier, notices go to that process's output.

        With --check it ends with 1 where an alert is firing.

        Examples:
          puppylog metrics create --default                          two metrics, and the alert totaltraffic
          puppylog alerts create -id errors --metric errors --statistic sum --window 300 --above 100 --recover-below 50
          puppylog alerts notifiers create ops --type webhook --url https://hooks.example.com/in --token env:HOOK_TOKEN
          puppylog alerts observe                                    look on
          puppylog alerts get totaltraffic                           what it did
          puppylog alerts silence totaltraffic --for 2h --why 'moving the shop'
          puppylog alerts --check >/dev/null || echo firing
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var check = Check();
        var command = new Command("alerts", Description)
        {
            data, output, check, CreateAlertCommand.Create(), ObserveCommand.Create(), CreateGet(), CreateMeta(), CreateDelete(), SilenceCommand.Create(),
            TestCommand.Create(), ReplayCommand.Create(), NotifiersCommand.Create(),
        };
        command.SetAction(async parsed =>
        {
            var view = Open(parsed.GetRequiredValue(data)).Read();
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? AlertTable.ListJson(view, Now()) : AlertTable.List(view, Now()));
            return parsed.GetValue(check) && view.Rules.Any(AlertRows.IsFiring) ? ExitCode.Nothing : ExitCode.Done;
        });
        return command;
    }

    public static Argument<string> Identifier() => new("ID") { Description = "The alert" };

    public static AlertStore Open(string directory) => new(directory, TimeProvider.System);

    /// <exception cref="UsageException">There is no such alert.</exception>
    public static (AlertsView View, KeptRule Rule) Find(string directory, string id)
    {
        var view = Open(directory).Read();
        return (view, view.Find(id) ?? throw Missing(id));
    }

    public static UsageException Missing(string id) => new($"there is no alert '{id}'; 'puppylog alerts' lists them");

    /// <summary>Seconds since 1970 UTC.</summary>
    public static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Who gives a command, for those who read of it later.</summary>
    public static string Caller() => $"{Environment.UserName}@{Environment.MachineName}";

    static Option<bool> Check() => new("--check") { Description = "End with 1 where it is firing" };

    static Command CreateGet()
    {
        const string Text = """
            Show what an alert did, oldest first.

            States go ok → pending → firing → recovered; 'calmed' is what was pending and did not fire. What has happened a
            minute ago is told with all late records; what people were told is told by --told.

            With --check it ends with 1 where the alert is firing.

            Examples:
              puppylog alerts get totaltraffic
              puppylog alerts get totaltraffic --told -o json
              puppylog alerts get totaltraffic --check || echo 'still firing'
            """;
        var id = Identifier();
        var limit = new Option<int?>("--limit", "-n") { Description = "The newest N only; 20 as text, all as json", HelpName = "N" };
        var told = new Option<bool>("--told") { Description = "What people were told, in place of what late records say" };
        var check = Check();
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("get", Text) { id, limit, told, check, data, output };
        command.SetAction(async parsed =>
        {
            if (parsed.GetValue(limit) < 1)
            {
                throw new OptionException("--limit takes a number from 1 on");
            }

            var directory = parsed.GetRequiredValue(data);
            var (_, rule) = Find(directory, parsed.GetRequiredValue(id));
            var history = Open(directory).History(rule, parsed.GetValue(told));
            var isJson = parsed.GetValue(output) == "json";
            var shown = history.TakeLast(parsed.GetValue(limit) ?? (isJson ? int.MaxValue : 20)).ToList();
            await Console.Out.WriteAsync(isJson ? AlertTable.HistoryJson(rule.Id, shown) : AlertTable.History(shown));
            return parsed.GetValue(check) ? (AlertRows.IsFiring(rule) ? ExitCode.Nothing : ExitCode.Done) : history.Count > 0 ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }

    static Command CreateMeta()
    {
        var id = Identifier();
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("meta", "Show how an alert is defined.\n\nExample:\n  puppylog alerts meta totaltraffic") { id, data, output };
        command.SetAction(async parsed =>
        {
            var (view, rule) = Find(parsed.GetRequiredValue(data), parsed.GetRequiredValue(id));
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? AlertTable.MetaJson(rule) : AlertTable.Meta(rule, view));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateDelete()
    {
        var id = Identifier();
        var data = CommonOptions.Data();
        var command = new Command("delete", "Forget an alert and its history.\n\nExample:\n  puppylog alerts delete totaltraffic") { id, data };
        command.SetAction(parsed =>
        {
            var (directory, name) = (parsed.GetRequiredValue(data), parsed.GetRequiredValue(id));
            Find(directory, name);
            return Open(directory).Delete(name) ? ExitCode.Done : throw Missing(name);
        });
        return command;
    }
}
