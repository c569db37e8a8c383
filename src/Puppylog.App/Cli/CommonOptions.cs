using System.CommandLine;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
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

    /// <summary>How lines are joined to records; a wrong rule is told before anything is read.</summary>
    public static Option<JoinRule> Multiline() => new("--multiline")
    {
        Description = "How lines are joined to records: as the format has it, not at all, stack traces, indented lines, a time in front of first lines, or an expression that the first lines of records match, or the further ones ('pattern:{time:timestamp}' in place of REGEX for a pattern)",
        HelpName = "auto|off|trace|indent|time|start:REGEX|continue:REGEX",
        DefaultValueFactory = _ => JoinRule.Auto,
        CustomParser = result =>
        {
            try
            {
                return JoinRule.Parse(result.Tokens[0].Value);
            }
            catch (ArgumentException wrong)
            {
                result.AddError($"--multiline: {wrong.Message}");
                return JoinRule.Auto;
            }
        },
    };

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
