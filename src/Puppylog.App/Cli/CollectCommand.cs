using System.CommandLine;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog collect</c>.</summary>
static class CollectCommand
{
    public static Command Create() => new("collect");
}
