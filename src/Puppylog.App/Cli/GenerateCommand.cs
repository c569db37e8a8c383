using System.CommandLine;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog generate</c>.</summary>
static class GenerateCommand
{
    public static Command Create() => new("generate");
}
