using Puppylog.Parsing.Times;

namespace Puppylog.Parsing.Multiline;

/// <summary>A record begins where a line begins with a time, bare or in square brackets.</summary>
/// <param name="times">Reads them; streams may share one.</param>
sealed class TimeJoin(TimeReader times) : StartJoin
{
    protected override bool Begins(ReadOnlySpan<byte> line) =>
        times.TryRead(line is [(byte)'[', ..] ? line[1..] : line, 0, out _, out _);
}
