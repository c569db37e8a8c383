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
}
