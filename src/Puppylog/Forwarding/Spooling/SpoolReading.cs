namespace Puppylog.Forwarding.Spooling;

/// <summary>Reads frames and trusts no length.</summary>
static class SpoolReading
{
    const int MaxLength = 1 << 30;

    /// <summary>False where no whole frame of this offset is there.</summary>
    public static bool TryRead(SpoolPlace place, ref byte[] lines, out SpoolFrame frame)
    {
        frame = default;
        var file = place.Part.File;
        Span<byte> header = stackalloc byte[SpoolFormat.FrameHeaderLength];
        if (file.Read(place.FileOffset, header) < header.Length)
        {
            return false;
        }

        frame = SpoolFormat.ReadFrame(header);
        var rest = file.Length - place.FileOffset - header.Length;
        if (frame.Offset != place.Offset || frame.Length <= 0 || frame.Length > Math.Min(rest, MaxLength) || frame.Left < 0)
        {
            return false;
        }

        if (lines.Length < frame.Length)
        {
            lines = new byte[frame.Length];
        }

        return file.Read(place.FileOffset + header.Length, lines.AsSpan(0, frame.Length)) == frame.Length
            && SpoolFormat.Verifies(header, lines.AsSpan(0, frame.Length));
    }
}
