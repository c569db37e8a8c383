namespace Puppylog.Records;

/// <summary>Zones by the abbreviations that logs carry. Where one has several meanings, it is the one that most systems with that zone print.</summary>
static class ZoneNames
{
    /// <summary>Length of the longest.</summary>
    public const int MaxLength = 4;

    /// <summary>The offset from UTC in seconds; false for any other name.</summary>
    public static bool TryOffset(ReadOnlySpan<byte> name, out int offset)
    {
        var minutes = name switch
        {
            [(byte)'U', (byte)'T', (byte)'C'] or [(byte)'G', (byte)'M', (byte)'T'] or [(byte)'W', (byte)'E', (byte)'T'] => 0,
            [(byte)'C', (byte)'E', (byte)'T'] or [(byte)'B', (byte)'S', (byte)'T'] => 60,
            [(byte)'W', (byte)'E', (byte)'S', (byte)'T'] => 60,
            [(byte)'C', (byte)'E', (byte)'S', (byte)'T'] or [(byte)'E', (byte)'E', (byte)'T'] => 120,
            [(byte)'E', (byte)'E', (byte)'S', (byte)'T'] or [(byte)'M', (byte)'S', (byte)'K'] => 180,
            [(byte)'I', (byte)'S', (byte)'T'] => 330,
            [(byte)'J', (byte)'S', (byte)'T'] or [(byte)'K', (byte)'S', (byte)'T'] => 540,
            [(byte)'E', (byte)'S', (byte)'T'] or [(byte)'C', (byte)'D', (byte)'T'] => -300,
            [(byte)'E', (byte)'D', (byte)'T'] => -240,
            [(byte)'C', (byte)'S', (byte)'T'] or [(byte)'M', (byte)'D', (byte)'T'] => -360,
            [(byte)'M', (byte)'S', (byte)'T'] or [(byte)'P', (byte)'D', (byte)'T'] => -420,
            [(byte)'P', (byte)'S', (byte)'T'] => -480,
            _ => int.MinValue,
        };
        offset = minutes * 60;
        return minutes != int.MinValue;
    }

    /// <summary>The length of the zone's name at the beginning of a text, which no further letter or digit follows; 0 where there is none.</summary>
    public static int LengthAt(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetterUpper((char)text[length]))
        {
            length++;
        }

        return length <= MaxLength && (length == text.Length || !char.IsAsciiLetterOrDigit((char)text[length])) && TryOffset(text[..length], out _) ? length : 0;
    }
}
