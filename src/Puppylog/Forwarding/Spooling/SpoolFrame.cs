namespace Puppylog.Forwarding.Spooling;

/// <summary>Lines that were appended together.</summary>
/// <param name="Offset">Bytes of lines before them in the whole spool.</param>
/// <param name="Length">Bytes of these lines.</param>
/// <param name="Left">Bytes that the last line lost because it is too long.</param>
readonly record struct SpoolFrame(long Offset, int Length, long Left)
{
    public long End => Offset + Length;
}
