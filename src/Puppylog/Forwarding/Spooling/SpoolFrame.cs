namespace Puppylog.Forwarding.Spooling;

/// <summary>Lines that were appended together.</summary>
/// <param name="Offset">Bytes of lines before them in the whole spool.</param>
/// <param name="Length">Bytes of these lines.</param>
/// <param name="Tag">What they bring along.</param>
readonly record struct SpoolFrame(long Offset, int Length, SpoolTag Tag)
{
    public long End => Offset + Length;
}
