using System.CommandLine;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog doctor</c>.</summary>
static class DoctorCommand
{
    public static Command Create() => new("doctor");
}
