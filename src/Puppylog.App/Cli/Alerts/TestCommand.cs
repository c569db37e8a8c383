using System.CommandLine;
using Puppylog.Alerts.Notifiers;
using Puppylog.App.Cli.Config;

namespace Puppylog.App.Cli.Alerts;

/// <summary><c>puppylog alerts test</c>.</summary>
static class TestCommand
{
    const string Description = """
        Send a notice that says it is a test to everybody whom an alert tells, once, and say what happened. Secrets are read in
        this process: env:NAME has to be set here, too. Notifiers of a configuration need --config.

        Ends with 2 where somebody was not told.

        Examples:
          puppylog alerts test totaltraffic
          puppylog alerts test totaltraffic --config puppylog.yaml -o json
        """;

    public static Command Create()
    {
        var id = AlertsCommand.Identifier();
        var config = ConfigurationFile.Option();
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("test", Description) { id, config, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (view, rule) = AlertsCommand.Find(parsed.GetRequiredValue(data), parsed.GetRequiredValue(id));
            var file = parsed.GetResult(config) is null ? null : parsed.GetValue(config) ?? ConfigurationFile.Find();
            IReadOnlyCollection<NotifierDraft> configured = file is null ? [] : ConfigurationFile.Read(file).Notifiers;
            var results = await TestNotice.SendAsync(view, rule, name => configured.FirstOrDefault(notifier => notifier.Name == name), Console.Out, cancellationToken);
            foreach (var result in results)
            {
                await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? result.Json() : $"{result.Name}: {result.Problem ?? "told"}\n");
            }

            return results.All(result => result.Problem is null) ? ExitCode.Done : ExitCode.Error;
        });
        return command;
    }
}
