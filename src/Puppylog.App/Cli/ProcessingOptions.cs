using System.CommandLine;
using System.CommandLine.Parsing;
using Puppylog.Processing.Options;

namespace Puppylog.App.Cli;

/// <summary>What <c>collect</c> does to lines and records on their way, as far as that goes without a configuration.</summary>
static class ProcessingOptions
{
    public static readonly Option<string[]> Redact = new("--redact")
    {
        Description = $"Replace what must not be stored, in the line and in all fields: {string.Join(", ", RedactOptions.Known)}",
        HelpName = "NAME[,NAME]",
        AllowMultipleArgumentsPerToken = true,
    };

    public static readonly Option<string[]> Keep = new("--keep") { Description = "Store only the records that match", HelpName = "QUERY" };

    public static readonly Option<string[]> Drop = new("--drop") { Description = "Do not store the records that match", HelpName = "QUERY" };

    public static readonly Option<string[]> Add = new("--add") { Description = "Give each record a field that it does not have", HelpName = "NAME=VALUE" };

    static ProcessingOptions()
    {
        foreach (var option in new[] { Redact, Keep, Drop, Add })
        {
            option.Validators.Add(Check);
        }
    }

    /// <summary>In the order in which they are applied.</summary>
    public static IReadOnlyList<ProcessorOptions> Of(ParseResult parsed) =>
    [
        .. new[] { Redact, Keep, Drop, Add }.SelectMany(option => (parsed.GetValue(option) ?? []).Select(value => TryMake(option, value)!)),
    ];

    static void Check(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            var options = TryMake((Option<string[]>)result.Option, token.Value);
            if (options is null)
            {
                result.AddError($"--add takes NAME=VALUE, like team=shop; '{token.Value}' is none");
                continue;
            }

            foreach (var problem in options.Check())
            {
                result.AddError($"{result.Option.Name}: {problem.Message}");
            }
        }
    }

    static ProcessorOptions? TryMake(Option<string[]> option, string value) => option.Name switch
    {
        "--redact" => new RedactOptions { Detectors = [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] },
        "--keep" => new FilterOptions(value, Keeps: true),
        "--drop" => new FilterOptions(value, Keeps: false),
        _ => AddOptions.TryParse(value, out var add) ? add : null,
    };
}
