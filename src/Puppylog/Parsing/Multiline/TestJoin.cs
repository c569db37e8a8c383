namespace Puppylog.Parsing.Multiline;

/// <summary>Joins by a rule of the user's.</summary>
/// <param name="test">What lines are looked at for.</param>
/// <param name="passing">Lines that pass go on with a record; else those do that do not pass.</param>
sealed class TestJoin(LineTest test, bool passing) : LineJoin
{
    bool _hasBegun;
    int _lines;

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        if (_hasBegun && test.Passes(line is [.., (byte)'\r'] ? line[..^1] : line) == passing && _lines < MaxLines)
        {
            _lines++;
            return true;
        }

        _hasBegun = true;
        _lines = 1;
        return false;
    }

    public override void Reset() => _hasBegun = false;
}
