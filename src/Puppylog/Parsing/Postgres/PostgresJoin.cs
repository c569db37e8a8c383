using Puppylog.Parsing.Multiline;

namespace Puppylog.Parsing.Postgres;

/// <summary>Joins to a message what its process says more of it, besides lines that do not begin as those of the log do.</summary>
sealed class PostgresJoin(LineJoin lines) : LineJoin
{
    // Who wrote the message that the last record began with.
    readonly byte[] _process = new byte[20];
    int _length;
    int _lines;

    public override bool Continues(ReadOnlySpan<byte> line)
    {
        var isPart = PostgresPart.TryRead(line, out _);
        var continues = (isPart && _length > 0 && PostgresPart.ProcessOf(line).SequenceEqual(_process.AsSpan(0, _length))) || lines.Continues(line);
        continues &= _lines < MaxLines;
        _lines = continues ? _lines + 1 : 1;
        if (!continues)
        {
            var process = isPart ? default : PostgresPart.ProcessOf(line);
            _length = process.Length <= _process.Length ? process.Length : 0;
            process[.._length].CopyTo(_process);
        }

        return continues;
    }

    public override void Reset()
    {
        lines.Reset();
        _length = 0;
        _lines = 0;
    }
}
