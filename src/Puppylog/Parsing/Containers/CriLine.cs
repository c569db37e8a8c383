namespace Puppylog.Parsing.Containers;

/// <summary>
/// The parts of a line of the Kubernetes CRI log format, <c>2026-11-21T14:00:05.123456789Z stdout F message</c>, whose tag is
/// P where the message goes on in the next line of its stream.
/// </summary>
readonly ref struct CriLine
{
    CriLine(ReadOnlySpan<byte> text, int timeEnd, int streamEnd, int messageStart)
    {
        TimeEnd = timeEnd;
        StreamEnd = streamEnd;
        MessageStart = messageStart;
        IsError = text[timeEnd + 4] == 'e';
        IsPartial = text[streamEnd + 1] == 'P';
    }

    public int TimeEnd { get; }

    public int StreamStart => TimeEnd + 1;

    public int StreamEnd { get; }

    public int MessageStart { get; }

    public bool IsError { get; }

    public bool IsPartial { get; }

    public static bool TryRead(ReadOnlySpan<byte> text, out CriLine line)
    {
        line = default;
        var timeEnd = text.IndexOf((byte)' ');
        if (timeEnd < 20 || text[4] != '-' || text.Length < timeEnd + 9
            || !(text[(timeEnd + 1)..].StartsWith("stdout "u8) || text[(timeEnd + 1)..].StartsWith("stderr "u8))
            || text[timeEnd + 8] is not ((byte)'F' or (byte)'P'))
        {
            return false;
        }

        // Further tags may follow behind colons.
        var tags = text[(timeEnd + 8)..].IndexOf((byte)' ');
        if (tags is < 0 && timeEnd + 9 != text.Length)
        {
            return false;
        }

        line = new(text, timeEnd, timeEnd + 7, tags < 0 ? text.Length : timeEnd + 8 + tags + 1);
        return true;
    }
}
