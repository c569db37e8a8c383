namespace Puppylog.App.Cli;

/// <summary>What a command ends with (design §6).</summary>
static class ExitCode
{
    /// <summary>Done, or found.</summary>
    public const int Done = 0;

    /// <summary>Nothing found, or an alert is firing where that was asked.</summary>
    public const int Nothing = 1;

    /// <summary>An error, said on stderr.</summary>
    public const int Error = 2;
}
