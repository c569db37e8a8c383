using System.CommandLine;
using Puppylog.Configuration;

namespace Puppylog.App.Cli;

/// <summary>The token that agents show and servers ask for.</summary>
static class TokenOptions
{
    const string Variable = "PUPPYLOG_TOKEN";
    const int Longest = 4096;

    public static Option<string?> Token { get; } = new("--token")
    {
        Description = $"The token between agents and their server; ${Variable} or --token-file do not show it in the list of processes",
        HelpName = "TOKEN",
    };

    public static Option<string?> TokenFile { get; } = new("--token-file") { Description = "A file that holds the token", HelpName = "FILE" };

    /// <summary>The option, its file, the configuration or <c>$PUPPYLOG_TOKEN</c>, in this order; null where none says anything.</summary>
    /// <exception cref="OptionException">The file cannot be read, or it is no token.</exception>
    public static string? Read(ParseResult parsed, Secret? configured)
    {
        var token = parsed.GetValue(Token) ?? ReadFile(parsed.GetValue(TokenFile)) ?? configured?.Value ?? Environment.GetEnvironmentVariable(Variable);
        if (token is null or "")
        {
            return parsed.GetValue(Token) is null && parsed.GetValue(TokenFile) is null ? null : throw new OptionException("the token is empty");
        }

        return token.Length <= Longest && token.All(letter => letter is > ' ' and < (char)127)
            ? token
            : throw new OptionException("a token is a word of visible ASCII letters, such as 'openssl rand -hex 24' gives");
    }

    static string? ReadFile(string? path)
    {
        try
        {
            return path is null ? null : File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException($"--token-file {path}: {e.Message}");
        }
    }
}
