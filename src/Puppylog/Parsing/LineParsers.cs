using System.Collections.Immutable;
using Puppylog.Parsing.Access;
using Puppylog.Parsing.Json;

namespace Puppylog.Parsing;

/// <summary>The formats by name, as <c>--format</c> takes them beside <c>auto</c>.</summary>
static class LineParsers
{
    public static ImmutableArray<string> Names { get; } = ["combined", "clf", "json", "api_requests", "text"];

    public static bool IsKnown(string format) => Names.Contains(format);

    /// <exception cref="ArgumentException">No format of that name.</exception>
    public static LineParser Create(string format, bool replaceTimes) => format switch
    {
        "combined" => new AccessLogParser(AccessLogShape.Combined) { ReplaceTimes = replaceTimes },
        "clf" => new AccessLogParser(AccessLogShape.Common) { ReplaceTimes = replaceTimes },
        "json" => new JsonLineParser { ReplaceTimes = replaceTimes },
        "api_requests" => new ApiRequestParser { ReplaceTimes = replaceTimes },
        "text" => new TextParser { ReplaceTimes = replaceTimes },
        _ => throw new ArgumentException($"There is no format '{format}'; known are {string.Join(", ", Names)}.", nameof(format)),
    };
}
