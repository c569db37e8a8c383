using System.CommandLine;
using System.CommandLine.Parsing;
using Puppylog.Query.Syntax;

namespace Puppylog.App.Cli;

/// <summary>What is wrong with a command line, a sentence each, and what was probably meant.</summary>
static class ParseErrors
{
    const string Unknown = "Unrecognized command or argument";
    const string NoCommand = "Required command";
    const string Query = "QUERY";

    public static IEnumerable<string> Texts(ParseResult parsed)
    {
        var errors = parsed.Errors.Select(error => error.Message).ToList();
        var unknown = UnknownOption(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        // The words behind an unknown one say nothing more, and that a command is missing is its consequence.
        return unknown is null
            ? errors
            : [Describe(parsed.CommandResult.Command, unknown), .. errors.Where(error => !error.StartsWith(Unknown, StringComparison.Ordinal) && !error.StartsWith(NoCommand, StringComparison.Ordinal))];
    }

    /// <summary>
    /// What was taken for an argument and looks like an option. A query may begin with <c>-</c>; after <c>--</c> everything is what
    /// it stands for.
    /// </summary>
    static string? UnknownOption(ParseResult parsed)
    {
        var plain = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet(StringComparer.Ordinal);
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.Select(token => token.Value).Where(word => word.StartsWith(argument.Argument.Name == Query ? "--" : "-", StringComparison.Ordinal) && word.Length > 1))
            .FirstOrDefault(word => word != "--" && !plain.Contains(word));
    }

    static string Describe(Command command, string word)
    {
        if (word.StartsWith('-') && word.Length > 1)
        {
            var options = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive))).Where(option => !option.Hidden);
            return $"there is no option '{word}'{Suggestion.Nearest(word.Split('=')[0], options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal)))}";
        }

        return command.Subcommands.Count > 0 ? $"there is no command '{word}'{Suggestion.Nearest(word, command.Subcommands.SelectMany(one => one.Aliases.Append(one.Name)))}"
            : command.Options.Any(option => option.Name == "--source") ? $"'{word}' is not expected here; what is to be read is named with -s"
            : $"'{word}' is not expected here";
    }
}
