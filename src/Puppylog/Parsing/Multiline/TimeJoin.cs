using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Multiline;

/// <summary>A record begins where a line begins with a time, bare or in square brackets.</summary>
/// <param name="form">The only form of the time; null for any.</param>
sealed class TimeJoin(TimeForm? form = null) : StartJoin
{
    readonly TimeReader _times = new(form);

    protected override bool Begins(ReadOnlySpan<byte> line) =>
        _times.TryRead(line is [(byte)'[', ..] ? line[1..] : line, 0, out _, out _);
}
