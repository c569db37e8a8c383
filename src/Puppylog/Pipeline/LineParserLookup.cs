using Puppylog.Parsing;

namespace Puppylog.Pipeline;

/// <summary>How a collector comes to its parsers; tests bring their own.</summary>
/// <param name="Detect">The name of the format that a source's first bytes have.</param>
/// <param name="Create">A parser by name; the second argument replaces times by the time of reading.</param>
sealed record LineParserLookup(Func<ReadOnlySpan<byte>, string> Detect, Func<string, bool, LineParser> Create)
{
    public static LineParserLookup Default { get; } = new(FormatDetector.Detect, LineParsers.Create);
}
