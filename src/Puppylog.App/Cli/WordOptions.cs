using System.CommandLine;
using Puppylog.Query.Syntax;

namespace Puppylog.App.Cli;

/// <summary>Options that take one of some words.</summary>
static class WordOptions
{
    /// <summary>Refuses others, and completes these.</summary>
    public static void TakeOnly<T>(this Option<T> option, params IReadOnlyList<string> words)
    {
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value)))
            {
                result.AddError($"{option.Name} takes {string.Join(", ", words.SkipLast(1))}{(words.Count > 1 ? " or " : "")}{words[^1]}, not '{token.Value}'{Suggestion.Nearest(token.Value, words)}");
            }
        });
    }
}
