using System.CommandLine;
using System.Reflection;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog version</c>, the same as <c>--version</c>.</summary>
static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static Command Create()
    {
        var command = new Command("version", "Print the version.\n\nExample:\n  puppylog version ");
        command.SetAction(_ => Console.Out.WriteLine(Version));
        return command;
    }
}
