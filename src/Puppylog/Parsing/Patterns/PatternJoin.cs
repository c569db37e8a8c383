using System.Collections.Immutable;
using Puppylog.Parsing.Multiline;

namespace Puppylog.Parsing.Patterns;

/// <summary>A record begins where a line begins as those of a pattern do: up to its time, without one up to the message.</summary>
sealed class PatternJoin : StartJoin
{
    readonly ImmutableArray<LinePattern> _patterns;
    readonly PatternMatch _match;
    int _last;

    PatternJoin(ImmutableArray<LinePattern> patterns)
    {
        _patterns = patterns;
        _match = new(patterns.Max(pattern => pattern.Parts.Length));
    }

    /// <summary>Null where a pattern tells nothing of how a record begins.</summary>
    public static PatternJoin? TryCreate(ImmutableArray<LinePattern> patterns)
    {
        // Patterns that begin alike are looked for once.
        var starts = patterns.DistinctBy(pattern => pattern.StartEnd < 0 ? "" : string.Concat(pattern.Parts.Take(pattern.StartEnd).Select(part => $"{part.Expected}\0"))).ToImmutableArray();
        return starts.All(pattern => pattern.StartEnd > 0) ? new(starts) : null;
    }

    protected override bool Begins(ReadOnlySpan<byte> line)
    {
        _match.BeginLine(line.Length);
        if (_match.Begins(_patterns[_last], line))
        {
            return true;
        }

        for (var i = 0; i < _patterns.Length; i++)
        {
            if (i != _last && _match.Begins(_patterns[i], line))
            {
                _last = i;
                return true;
            }
        }

        return false;
    }
}
