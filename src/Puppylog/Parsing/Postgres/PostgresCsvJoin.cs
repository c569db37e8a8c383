using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;

namespace Puppylog.Parsing.Postgres;

/// <summary>
/// A record goes on while a quote is open. A line that begins as records do begins one all the same: what a crash cut off
/// must not turn within and without around for all that follows.
/// </summary>
sealed class PostgresCsvJoin : LineJoin
{
    readonly TimeReader _times = new();
    bool _isOpen;
    int _lines;

    public override bool IsComplete => !_isOpen;

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        var continues = _isOpen && _lines < MaxLines && !Begins(line);
        _lines = continues ? _lines + 1 : 1;
        _isOpen = (continues && _isOpen) != (line.Count((byte)'"') % 2 == 1);
        return continues;
    }

    public override void Reset() => _isOpen = false;

    /// <summary>True where the line begins with a time and a user, or none.</summary>
    public bool Begins(ReadOnlySpan<byte> line) =>
        line.Length > 20 && line[4] == '-' && _times.TryRead(line, 0, out _, out var length) && line[length..] is [(byte)',', (byte)'"' or (byte)',', ..];
}
