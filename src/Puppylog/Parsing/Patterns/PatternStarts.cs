using System.Collections.Immutable;

namespace Puppylog.Parsing.Patterns;

/// <summary>Tells whether a line begins as those of one of some patterns do: up to its time, without one up to the message.</summary>
sealed class PatternStarts
{
    readonly ImmutableArray<LinePattern> _patterns;
    readonly PatternMatch _match;

    PatternStarts(ImmutableArray<LinePattern> patterns)
    {
        _patterns = patterns;
        _match = new(patterns.Max(pattern => pattern.Parts.Length));
    }

    /// <summary>Null where a pattern tells nothing of how a record begins.</summary>
    public static PatternStarts? TryCreate(ImmutableArray<LinePattern> patterns)
    {
        // Patterns that begin alike are looked for once.
        var starts = patterns.DistinctBy(pattern => pattern.StartEnd < 0 ? "" : string.Concat(pattern.Parts.Take(pattern.StartEnd).Select(part => $"{part.Expected}\0"))).ToImmutableArray();
        return starts.All(pattern => pattern.StartEnd > 0) ? new(starts) : null;
    }

    /// <param name="line">The line.</param>
    /// <param name="last">The pattern of the stream's line before, which is tried first; then that of this one.</param>
    public bool Begins(ReadOnlySpan<byte> line, ref int last)
    {
        _match.BeginLine(line.Length);
        if (_match.Begins(_patterns[last], line))
        {
            return true;
        }

        for (var i = 0; i < _patterns.Length; i++)
        {
            if (i != last && _match.Begins(_patterns[i], line))
            {
                last = i;
                return true;
            }
        }

        return false;
    }
}
