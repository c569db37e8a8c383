namespace Puppylog.Processing.Redaction;

/// <summary>
/// Finds what must not be stored. Looks at lines with newlines between them, none of which is ever part of a match; takes time
/// in proportion to the bytes, whatever they are. Not thread-safe.
/// </summary>
abstract class Detector
{
    /// <summary>Adds the places to <paramref name="places"/>, ascending.</summary>
    public abstract void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places);

    /// <summary>Writes what is hashed of a match, so that ways of writing one thing have one token; returns the bytes written.</summary>
    /// <param name="target">As long as the match.</param>
    public virtual int WriteCanonical(ReadOnlySpan<byte> match, Span<byte> target)
    {
        match.CopyTo(target);
        return match.Length;
    }

    /// <summary>Writes what takes the place of a match that keeps part of itself; 0 bytes where the mask does.</summary>
    /// <param name="target">At least 64 bytes.</param>
    public virtual int WriteKept(ReadOnlySpan<byte> match, Span<byte> target) => 0;

    protected static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b == '_';

    protected static bool IsDigit(byte b) => (uint)(b - '0') <= 9;
}
