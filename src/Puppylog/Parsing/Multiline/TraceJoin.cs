namespace Puppylog.Parsing.Multiline;

/// <summary>
/// Joins stack traces and indented lines to the line before them; all else begins a record. For formats of one line a
/// record, between which a program may still write its traces: a line that begins with one of <paramref name="starts"/>
/// begins a record at once, and nothing joins such a record.
/// </summary>
/// <param name="starts">First bytes of the format's own lines; none where it has no such.</param>
sealed class TraceJoin(params byte[] starts) : LineJoin
{
    TraceLines _trace;
    bool _isOwn;
    int _lines;

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        if (!line.IsEmpty && starts.AsSpan().Contains(line[0]))
        {
            _trace.Reset();
            _isOwn = true;
            return false;
        }

        var continues = _trace.Continues(line) && !_isOwn && ++_lines <= MaxLines;
        if (!continues)
        {
            _isOwn = false;
            _lines = 1;
        }

        return continues;
    }

    /// <remarks>Nothing joins a record of the format, so that none has to wait for its next line.</remarks>
    public override bool IsComplete => _isOwn;

    public override void Reset()
    {
        _trace.Reset();
        _isOwn = false;
        _lines = 0;
    }
}
