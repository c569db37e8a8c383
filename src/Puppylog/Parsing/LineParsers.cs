using System.Collections.Immutable;
using Puppylog.Parsing.Access;
using Puppylog.Parsing.Containers;
using Puppylog.Parsing.Expressions;
using Puppylog.Parsing.Json;
using Puppylog.Parsing.Logfmt;
using Puppylog.Parsing.Patterns;
using Puppylog.Parsing.Postgres;
using Puppylog.Parsing.Servers;
using Puppylog.Parsing.Syslog;

namespace Puppylog.Parsing;

/// <summary>The formats by name, as <c>--format</c> takes them beside <c>auto</c>, and formats of the user's own.</summary>
static class LineParsers
{
    const string Pattern = "pattern:";
    const string Regex = "regex:";

    public static ImmutableArray<string> Names { get; } =
    [
        "combined", "clf", "json", "logfmt", "syslog", "cri", "docker", "nginx_error", "postgresql_csv", .. ApplicationFormats.Names, "api_requests", "text",
    ];

    /// <summary>What a format may be, for people.</summary>
    public static string Known { get; } = $"{string.Join(", ", Names)}, {Pattern}… and {Regex}…";

    public static bool IsKnown(string format) => Check(format) is null;

    /// <summary>Null where there is such a format; else what is wrong with it.</summary>
    public static string? Check(string format)
    {
        try
        {
            if (Names.Contains(format))
            {
                return null;
            }

            Create(format, false);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }
    }

    /// <param name="format">A name, <c>pattern:</c> and a pattern (<see cref="LinePattern"/>), or <c>regex:</c> and an expression with named groups.</param>
    /// <param name="replaceTimes">See <see cref="LineParser.ReplaceTimes"/>.</param>
    /// <exception cref="ArgumentException">No format of that name, or a pattern or expression that is none, with the place of the mistake.</exception>
    public static LineParser Create(string format, bool replaceTimes) => format switch
    {
        "combined" => new AccessLogParser(AccessLogShape.Combined) { ReplaceTimes = replaceTimes },
        "clf" => new AccessLogParser(AccessLogShape.Common) { ReplaceTimes = replaceTimes },
        "json" => new JsonLineParser { ReplaceTimes = replaceTimes },
        "cri" => new CriParser { ReplaceTimes = replaceTimes },
        "docker" => new DockerParser { ReplaceTimes = replaceTimes },
        "nginx_error" => new NginxErrorParser { ReplaceTimes = replaceTimes },
        "postgresql_csv" => new PostgresCsvParser { ReplaceTimes = replaceTimes },
        "syslog" => new SyslogParser { ReplaceTimes = replaceTimes },
        "logfmt" => new LogfmtParser { ReplaceTimes = replaceTimes },
        "api_requests" => new ApiRequestParser { ReplaceTimes = replaceTimes },
        "text" => new TextParser { ReplaceTimes = replaceTimes },
        _ when ApplicationFormats.IsKnown(format) => ApplicationFormats.Create(format, replaceTimes),
        _ when format.StartsWith(Pattern, StringComparison.Ordinal) => OfPattern(format[Pattern.Length..], replaceTimes),
        _ when format.StartsWith(Regex, StringComparison.Ordinal) => OfExpression(format[Regex.Length..], replaceTimes),
        _ => throw new ArgumentException($"There is no format '{format}'; known are {Known}."),
    };

    static PatternParser OfPattern(string text, bool replaceTimes)
    {
        try
        {
            return new("pattern", new([LinePattern.Parse(text)], 1, 1), isOwn: true) { ReplaceTimes = replaceTimes };
        }
        catch (PatternException wrong)
        {
            throw new ArgumentException($"The pattern '{text}' is wrong {wrong.Message}", wrong);
        }
    }

    static RegexParser OfExpression(string text, bool replaceTimes)
    {
        try
        {
            return RegexParser.Create(text, replaceTimes);
        }
        catch (ArgumentException wrong)
        {
            throw new ArgumentException($"The regular expression '{text}' is wrong: {wrong.Message}", wrong);
        }
    }
}
