using System.CommandLine;
using Puppylog.Pipeline;

namespace Puppylog.App.Cli;

/// <summary>Options that several commands share, each defined once.</summary>
static class CommonOptions
{
    /// <summary>The embedded store's directory.</summary>
    public static Option<string> Data()
    {
        var option = new Option<string>("--data")
        {
            Description = "Directory of the embedded store",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultDataDirectory(),
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("--data takes the path of a directory; an empty one names none");
            }
        });
        return option;
    }

    /// <summary>The format of lines.</summary>
    public static Option<string> Format()
    {
        var option = new Option<string>("--format")
        {
            Description = "Format of the lines; auto tells it per source from the first ones",
            HelpName = "auto|clf|combined|json|api_requests|text",
            DefaultValueFactory = _ => CollectOptions.AutomaticFormat,
        };
        option.AcceptOnlyFromAmong(CollectOptions.AutomaticFormat, "clf", "combined", "json", "api_requests", "text");
        return option;
    }

    /// <summary><c>-o text|json</c>; commands that print lines of logs also take <c>raw</c>.</summary>
    public static Option<string> Output(params string[] formats)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How results are printed",
            HelpName = string.Join('|', formats),
            DefaultValueFactory = _ => formats[0],
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary><c>$PUPPYLOG_DATA</c>, else <c>~/.local/share/puppylog</c>.</summary>
    public static string DefaultDataDirectory() =>
        Environment.GetEnvironmentVariable("PUPPYLOG_DATA") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "puppylog");
}
