namespace Puppylog.Parsing.Multiline;

/// <summary>
/// A record begins where a line begins as the format's lines do (<see cref="Begins"/>); what follows goes on with it,
/// whatever it is. Before the first such line, where nothing is known yet, lines are joined as traces are
/// (<see cref="TraceLines"/>). This is what Filebeat's and Datadog's rules for lines with a time in front do.
/// </summary>
abstract class StartJoin : LineJoin
{
    TraceLines _trace;
    bool _hasBegun;
    int _lines;

    /// <summary>True where the line begins a record of the format.</summary>
    protected abstract bool Begins(ReadOnlySpan<byte> line);

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        if (Begins(line))
        {
            _hasBegun = true;
            _lines = 1;
            return false;
        }

        if (++_lines <= MaxLines && (_hasBegun || _trace.Continues(line)))
        {
            return true;
        }

        _hasBegun = false;
        _lines = 1;
        _trace.Reset();
        _trace.Continues(line);
        return false;
    }

    public override void Reset()
    {
        _trace.Reset();
        _hasBegun = false;
        _lines = 0;
    }
}
