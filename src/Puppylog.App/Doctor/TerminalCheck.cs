namespace Puppylog.App.Doctor;

/// <summary>Whether the dashboard can be drawn.</summary>
static class TerminalCheck
{
    /// <summary>POSIX: the first one that is set and not empty decides.</summary>
    static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <param name="isTerminal">Standard output is one.</param>
    /// <param name="environment">Looks a variable up.</param>
    /// <param name="width">Columns; 0 where not known.</param>
    /// <param name="height">Lines; 0 where not known.</param>
    public static Finding Run(bool isTerminal, Func<string, string?> environment, int width, int height)
    {
        if (!isTerminal)
        {
            return Finding.Ok("terminal", "none: output is plain");
        }

        if (environment("TERM") is null or "" or "dumb")
        {
            return Finding.Warning("terminal", "TERM says that it cannot move its cursor: 'monitor' prints blocks", "export TERM=xterm-256color");
        }

        var locale = LocaleVariables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        if (!locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) && !locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase))
        {
            return Finding.Warning("terminal", "the locale is not UTF-8: charts may look broken", "export LANG=C.UTF-8");
        }

        return width is > 0 and < 80 || height is > 0 and < 24
            ? Finding.Warning("terminal", $"{width}×{height}: the dashboard is made for 80×24 and more", "enlarge the window")
            : Finding.Ok("terminal", width > 0 ? $"{environment("TERM")}, {width}×{height}" : environment("TERM")!);
    }
}
