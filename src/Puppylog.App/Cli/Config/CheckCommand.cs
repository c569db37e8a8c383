using System.CommandLine;
using System.Globalization;
using Puppylog.App.Cli.Store;
using Puppylog.Configuration;

namespace Puppylog.App.Cli.Config;

/// <summary><c>puppylog config check</c>.</summary>
static class CheckCommand
{
    const string Description = """
        Find every mistake in a configuration, each with its line and column. Ends with 2 where there is one.

        Examples:
          puppylog config check
          puppylog config check /etc/puppylog/puppylog.yaml
          puppylog config check --for agent
          puppylog config check -o json
        """;

    public static Command Create()
    {
        var file = ConfigCommand.File();
        var option = ConfigCommand.FileOption();
        var output = CommonOptions.Output("text", "json");
        var use = new Option<string?>("--for") { Description = "Also find what a command cannot work by: an agent stores and answers nothing", HelpName = "agent" };
        use.TakeOnly("agent");
        var command = new Command("check", Description) { file, option, use, output };
        command.SetAction(async (parsed, _) =>
        {
            var name = ConfigCommand.FileOf(parsed, file, option);
            IReadOnlyList<Mistake> mistakes = [];
            PuppylogConfiguration? configuration = null;
            try
            {
                configuration = ConfigurationFile.Read(name, parsed.GetValue(use) is null ? ConfigurationUse.Any : ConfigurationUse.Agent);
            }
            catch (ConfigurationException wrong)
            {
                mistakes = wrong.Mistakes;
            }

            if (parsed.GetValue(output) == "json")
            {
                await Console.Out.WriteAsync(Json(name, mistakes));
            }
            else if (configuration is not null)
            {
                await Console.Out.WriteLineAsync($"{name}: {Summary(configuration)}");
            }
            else
            {
                await Console.Error.WriteLineAsync(Text(name, mistakes));
            }

            return mistakes.Count == 0 ? ExitCode.Done : ExitCode.Error;
        });
        return command;
    }

    /// <summary>The mistakes, and how many they are.</summary>
    public static string Text(string file, IReadOnlyList<Mistake> mistakes) =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', mistakes)}\n{file}: {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}");

    static string Summary(PuppylogConfiguration configuration)
    {
        (int Count, string Name)[] parts =
        [
            (configuration.Sources.Length, "source"), (configuration.Groups.Length, "group"), (configuration.Metrics.Length, "metric"),
            (configuration.Alerts.Length, "alert"), (configuration.Notifiers.Length, "notifier"),
        ];
        var shown = parts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Name}{(part.Count == 1 ? "" : "s")}"));
        return $"no mistakes; {string.Join(", ", shown.DefaultIfEmpty("nothing is configured"))}";
    }

    static string Json(string file, IReadOnlyList<Mistake> mistakes) => JsonLine.Write(json =>
    {
        json.WriteString("file", file);
        json.WriteBoolean("valid", mistakes.Count == 0);
        json.WriteStartArray("mistakes");
        foreach (var mistake in mistakes)
        {
            json.WriteStartObject();
            json.WriteOptional("line", mistake.Place?.Line);
            json.WriteOptional("column", mistake.Place?.Column);
            json.WriteString("message", mistake.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
