using System.CommandLine;
using Puppylog.Configuration;

namespace Puppylog.App.Cli.Config;

/// <summary>Finds and reads the configuration file of a command.</summary>
static class ConfigurationFile
{
    const string Variable = "PUPPYLOG_CONFIG";

    static readonly string[] Places = ["puppylog.yaml", "/etc/puppylog/puppylog.yaml"];

    /// <summary><c>--config FILE</c>, of commands that also do without.</summary>
    public static Option<string?> Option() => new("--config", "-c")
    {
        Description = $"Configuration file (docs/configuration.md); without a value ${Variable}, ./{Places[0]} or {Places[1]}",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The file that is meant where none is named.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set
        : Array.Find(Places, File.Exists) ?? throw new UsageException($"no configuration: name one, set ${Variable}, or make {string.Join(" or ", Places)}");

    /// <exception cref="ConfigurationException">It cannot be read, or is wrong.</exception>
    public static PuppylogConfiguration Read(string file, ConfigurationUse use = ConfigurationUse.Any) =>
        ConfigurationReader.Read(file, ConfigurationEnvironment.Of(TimeProvider.System), use);
}
