using Puppylog.Parsing.Multiline;

namespace Puppylog.Parsing.Patterns;

/// <summary>A record begins where a line begins as those of a pattern do.</summary>
/// <param name="starts">Shared by the streams of a parser.</param>
sealed class PatternJoin(PatternStarts starts) : StartJoin
{
    int _last;

    protected override bool Begins(ReadOnlySpan<byte> line) => starts.Begins(line, ref _last);
}
