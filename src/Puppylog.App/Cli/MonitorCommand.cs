using System.CommandLine;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog monitor</c>.</summary>
static class MonitorCommand
{
    public static Command Create() => new("monitor");
}
