using Puppylog.Parsing.Multiline;
using Puppylog.Sources;

namespace Puppylog.Pipeline.Joining;

/// <summary>
/// The records of a run, as they stand in it, up to the one that may go on behind it: that is left to be held. Each line is
/// looked for, and the rule asked about it, once.
/// </summary>
/// <param name="rule">Which lines go on; those before were told to it. It has one channel.</param>
/// <param name="most">Bytes of a record.</param>
/// <param name="lines">The run's lines.</param>
ref struct RunRecords(LineJoin rule, int most, FramedLines lines)
{
    readonly ReadOnlySpan<byte> _bytes = lines.Bytes;
    readonly long _left = lines.Left;
    bool _isAsked;

    // The line that the rule was asked about last: where it ends, what it lost, and where the next one begins.
    int _end;
    long _cut;
    int _next;

    /// <summary>Where the next record begins: what lies before it was given out, or belongs to what is held.</summary>
    public int Start { get; private set; }

    /// <summary>Lines of the record that is left.</summary>
    public int LinesLeft { get; private set; }

    /// <summary>True where no record is left but perhaps one that may go on.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Whether the next line, which there is, goes on with what stands before the run, and belongs to it.</summary>
    /// <param name="length">Bytes that it goes on with.</param>
    /// <param name="count">Lines of that.</param>
    /// <param name="record">The line; only where it does.</param>
    public bool TryContinue(int length, int count, out RunRecord record)
    {
        record = default;
        Ask(Start, out var continues);
        _isAsked = !continues || length + 1 + _end - Start > most || count >= LineJoin.MaxLines;
        if (_isAsked)
        {
            return false;
        }

        record = new(Start, _end - Start, 1, _cut);
        Start = _next;
        return true;
    }

    /// <summary>The next record that nothing goes on with; false where none is left.</summary>
    public bool TryNext(out RunRecord record)
    {
        record = default;
        LinesLeft = 0;
        if (IsRead || Start == _bytes.Length)
        {
            IsRead = true;
            return false;
        }

        if (!_isAsked)
        {
            Ask(Start, out _);
        }

        LinesLeft = 1;
        while (!rule.IsComplete && _cut == 0)
        {
            if (_next == _bytes.Length)
            {
                IsRead = true;
                return false;
            }

            var (end, start) = (_end, _next);
            Ask(start, out var continues);
            if (!continues || _end - Start > most || LinesLeft >= LineJoin.MaxLines)
            {
                record = new(Start, end - Start, LinesLeft, 0);
                Start = start;
                _isAsked = true;
                return true;
            }

            LinesLeft++;
        }

        record = new(Start, _end - Start, LinesLeft, _cut);
        Start = _next;
        _isAsked = false;
        return true;
    }

    void Ask(int at, out bool continues)
    {
        var newline = _bytes[at..].IndexOf((byte)'\n');
        var end = newline < 0 ? _bytes.Length : at + newline;
        _next = newline < 0 ? end : end + 1;
        _end = Math.Min(end, at + most);
        _cut = end - _end + (newline < 0 ? _left : 0);
        continues = rule.Continues(_bytes[at.._end]);
    }
}
