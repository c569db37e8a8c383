using System.CommandLine;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog search</c>.</summary>
static class SearchCommand
{
    public static Command Create() => new("search");

    public static Command CreateTail() => new("tail");
}
