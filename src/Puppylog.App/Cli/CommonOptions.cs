using System.CommandLine;
using Puppylog.Parsing;
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

    /// <summary><c>auto</c>, a format's name, or one of the user's own; a wrong one is told before anything is read.</summary>
    public static Option<string> Format()
    {
        var option = new Option<string>("--format")
        {
            Description = $"Format of the lines; auto tells it per source from the first ones. Formats: {string.Join(", ", LineParsers.Names)}. Own ones: 'pattern:{{time:timestamp}} {{level}} {{logger}}: {{_msg}}', 'regex:(?<time>\\S+) (?<message>.*)'",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => CollectOptions.AutomaticFormat,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != CollectOptions.AutomaticFormat && LineParsers.Check(token.Value) is { } wrong)
            {
                result.AddError($"--format: {wrong}");
            }
        });
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
        option.TakeOnly(formats);
        return option;
    }

    /// <summary><c>$PUPPYLOG_DATA</c>, else <c>~/.local/share/puppylog</c>.</summary>
    public static string DefaultDataDirectory() =>
        Environment.GetEnvironmentVariable("PUPPYLOG_DATA") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "puppylog");
}
