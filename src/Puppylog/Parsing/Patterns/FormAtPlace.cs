using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Patterns;

/// <summary>Whether a time of one form is at a place of the line at hand: patterns that are alike ask that again and again.</summary>
sealed class FormAtPlace(TimeForm only)
{
    readonly TimeReader _reader = new(only);
    int _line = -1;
    int _at;
    bool _is;

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long Time { get; private set; }

    public int Length { get; private set; }

    /// <summary>How it is written; null where no form gives it back.</summary>
    public TimeForm? Form { get; private set; }

    /// <param name="text">The line from the place on.</param>
    /// <param name="at">The place.</param>
    /// <param name="line">Tells lines apart.</param>
    /// <param name="reference">See <see cref="TimeReader.TryRead"/>.</param>
    public bool TryRead(ReadOnlySpan<byte> text, int at, int line, long reference)
    {
        if (line == _line && at == _at)
        {
            return _is;
        }

        (_line, _at) = (line, at);
        _is = _reader.TryRead(text, reference, out var time, out var length);
        (Time, Length, Form) = (time, length, _reader.Form);
        return _is;
    }
}
