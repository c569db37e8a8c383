using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Puppylog.Processing.Options;

/// <summary>
/// Replaces what must not be stored in the line itself, before it is parsed. Works on whole lines, before all other
/// processors, wherever it stands among them.
/// </summary>
sealed record RedactOptions : ProcessorOptions
{
    public const string Email = "email";
    public const string Card = "card";
    public const string Bearer = "bearer";
    public const string Secret = "secret";
    public const string Ip = "ip";

    /// <summary>The built-in detectors.</summary>
    public static ImmutableArray<string> Known { get; } = [Email, Card, Bearer, Secret, Ip];

    public override string Kind => "redact";

    /// <summary>Names of <see cref="Known"/>.</summary>
    public ImmutableArray<string> Detectors { get; init; } = [];

    /// <summary>Regular expressions, matched against each line; what matches is replaced whole.</summary>
    public ImmutableArray<string> Patterns { get; init; } = [];

    /// <summary>What takes a match's place where there is no key. An address keeps its network instead.</summary>
    public string Mask { get; init; } = "***";

    /// <summary>With a key, equal matches become equal tokens, <c>h_</c> and 16 hexadecimal digits of their HMAC-SHA256.</summary>
    public RedactionKey? Key { get; init; }

    public override IEnumerable<ProcessorProblem> Check()
    {
        if (Where is not null)
        {
            yield return new("where", "does not go with redact, which works on lines before they are parsed");
        }

        if (Detectors.IsDefaultOrEmpty && Patterns.IsDefaultOrEmpty)
        {
            yield return new("detectors", $"name at least one of {string.Join(", ", Known)}, or a pattern of your own");
        }

        foreach (var name in Detectors.IsDefault ? [] : Detectors)
        {
            if (!Known.Contains(name))
            {
                yield return new("detectors", $"'{name}' is not known; there are {string.Join(", ", Known)}{Query.Syntax.Suggestion.For(name, string.Join(", ", Known))}");
            }
        }

        foreach (var pattern in Patterns.IsDefault ? [] : Patterns)
        {
            if (FindFault(pattern) is { } fault)
            {
                yield return new("patterns", fault);
            }
        }

        if (Mask.Length is 0 or > 64 || Mask.Any(c => c is <= ' ' or '"' or '\'' or '\\' or '[' or ']' or '%' or > '~'))
        {
            yield return new("mask", "takes 1 to 64 ASCII characters without blanks, quotes, backslashes, brackets and %, like *** : they stand within lines of any format");
        }

        if (Key is { Length: < RedactionKey.Least })
        {
            yield return new("key", $"is shorter than {RedactionKey.Least} bytes; make one with: head -c 32 /dev/urandom | base64");
        }
    }

    /// <summary>A user's pattern. Takes time in proportion to the line, whatever it says.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex ParsePattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    static string? FindFault(string pattern)
    {
        try
        {
            return ParsePattern(pattern).IsMatch("") ? $"'{pattern}' matches nothing at all as well; let it match at least one character" : null;
        }
        catch (RegexParseException wrong)
        {
            return $"'{pattern}' is no regular expression: {wrong.Message}";
        }
        catch (NotSupportedException)
        {
            return $"'{pattern}' looks around or back, which could take time without bound; write it without (?=…), (?!…), (?<=…) and \\1";
        }
    }
}
