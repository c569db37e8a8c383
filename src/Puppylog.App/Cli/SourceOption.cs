using System.CommandLine;
using System.CommandLine.Parsing;
using Puppylog.Sources;
using Puppylog.Sources.Globs;

namespace Puppylog.App.Cli;

/// <summary><c>--source</c>, of every command that collects.</summary>
static class SourceOption
{
    /// <param name="otherwise">What is read where nothing is named; null: nothing.</param>
    public static Option<string[]> Create(string? otherwise)
    {
        var option = new Option<string[]>("--source", "-s")
        {
            Description = "What to read: files, patterns of them in quotes, - for stdin, or fifo:, exec:, containers:, syslog: (puppylog collect --help)",
            HelpName = "SOURCE",
            AllowMultipleArgumentsPerToken = true,
        };
        if (otherwise is not null)
        {
            option.DefaultValueFactory = _ => [otherwise];
        }

        option.Validators.Add(RequireSources);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError("--source takes the path of a file; an empty one names none");
            }
        });
        return option;
    }

    static void RequireSources(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                LogSources.Check(token.Value);
            }
            catch (FormatException wrong)
            {
                result.AddError($"{result.Option.Name}: {wrong.Message}");
            }
        }
    }

    /// <summary>Refuses patterns that are none.</summary>
    public static void RequirePatterns(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                if (!File.Exists(token.Value))
                {
                    PathPattern.Parse(token.Value);
                }
            }
            catch (FormatException wrong)
            {
                result.AddError($"{result.Option.Name}: {wrong.Message}");
            }
        }
    }
}
