using System.CommandLine;

namespace Puppylog.App.Cli.Config;

/// <summary><c>puppylog config</c>.</summary>
static class ConfigCommand
{
    public static Command Create() => new("config", """
        Check and show the configuration: what is collected, from where, and what is done with it.

        Examples:
          puppylog config example > puppylog.yaml
          puppylog config check
          puppylog config show
        """)
    {
        CheckCommand.Create(),
        ShowCommand.Create(),
        ExampleCommand.Create(),
    };

    public static Argument<string?> File() => new("FILE")
    {
        Description = "The file; by default $PUPPYLOG_CONFIG, ./puppylog.yaml or /etc/puppylog/puppylog.yaml",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>As the commands take it that work by a configuration.</summary>
    public static Option<string?> FileOption() => new("--config", "-c") { Description = "The same as FILE", HelpName = "FILE" };

    /// <exception cref="OptionException">Both name a file.</exception>
    /// <exception cref="UsageException">None does, and there is none.</exception>
    public static string FileOf(ParseResult parsed, Argument<string?> argument, Option<string?> option) =>
        (parsed.GetValue(argument), parsed.GetValue(option)) is var (first, second) && first is not null && second is not null
            ? throw new OptionException($"--config: '{first}' is named already")
            : first ?? second ?? ConfigurationFile.Find();
}
