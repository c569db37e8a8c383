using System.Runtime.CompilerServices;
using Puppylog.Parsing;
using Puppylog.Processing;

namespace Puppylog.Pipeline;

/// <summary>The parsers of a lane: thousands of files have a handful of formats.</summary>
sealed class ParserBook(LineParserLookup lookup)
{
    // By chain, which goes when no source has it any more; this for none.
    readonly ConditionalWeakTable<object, Dictionary<(string Format, bool Now), SharedParser>> _parsers = [];

    /// <summary>The name of the format that a source's first bytes have.</summary>
    public string Detect(ReadOnlySpan<byte> sample) => lookup.Detect(sample);

    /// <param name="format">A format's name.</param>
    /// <param name="now">See <see cref="LineParser.ReplaceTimes"/>.</param>
    /// <param name="chain">Where its records go; null where they stay as they are.</param>
    public SharedParser Find(string format, bool now, ProcessorChain? chain)
    {
        var known = _parsers.GetValue(chain ?? (object)this, static _ => []);
        if (!known.TryGetValue((format, now), out var parser))
        {
            parser = new(lookup.Create(format, now), chain);
            if (!parser.Parser.LearnsStream)
            {
                known.Add((format, now), parser);
            }
        }

        return parser;
    }
}
