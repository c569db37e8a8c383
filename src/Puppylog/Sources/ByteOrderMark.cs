using System.Buffers.Binary;

namespace Puppylog.Sources;

/// <summary>The mark by which a text's first bytes tell its encoding (Unicode Standard, 23.8). Text without one is read as UTF-8.</summary>
/// <param name="Encoding">Of what follows it.</param>
/// <param name="Length">Bytes of the mark; 0 where there is none.</param>
readonly record struct ByteOrderMark(TextEncoding Encoding, int Length)
{
    /// <summary>Bytes of the longest mark.</summary>
    public const int MaxLength = 3;

    static ReadOnlySpan<byte> Utf8 => [0xef, 0xbb, 0xbf];

    static ReadOnlySpan<byte> LittleEndian => [0xff, 0xfe];

    static ReadOnlySpan<byte> BigEndian => [0xfe, 0xff];

    /// <param name="beginning">The first bytes of a text; fewer than <see cref="MaxLength"/> where there are no more.</param>
    public static ByteOrderMark Of(ReadOnlySpan<byte> beginning) =>
        beginning.StartsWith(LittleEndian) ? new(TextEncoding.Utf16LittleEndian, LittleEndian.Length)
        : beginning.StartsWith(BigEndian) ? new(TextEncoding.Utf16BigEndian, BigEndian.Length)
        : beginning.StartsWith(Utf8) ? new(TextEncoding.Utf8, Utf8.Length)
        : default;

    /// <summary>True where further bytes may make these first ones a mark.</summary>
    public static bool MayFollow(ReadOnlySpan<byte> beginning) =>
        (beginning.Length < LittleEndian.Length && (LittleEndian.StartsWith(beginning) || BigEndian.StartsWith(beginning)))
        || (beginning.Length < Utf8.Length && Utf8.StartsWith(beginning));

    /// <summary>The first bytes of a text as UTF-8, without their mark and without a character that may be cut off.</summary>
    public static ReadOnlySpan<byte> ToText(ReadOnlySpan<byte> beginning)
    {
        var mark = Of(beginning);
        if (mark.Encoding == TextEncoding.Utf8)
        {
            return beginning[mark.Length..];
        }

        var text = new byte[Utf16Decoder.MaxLength(beginning.Length)];
        return text.AsSpan(0, new Utf16Decoder(mark.Encoding).Decode(beginning[mark.Length..], text));
    }

    /// <summary>The place behind the last newline of bytes of the text; -1 where they hold none.</summary>
    /// <param name="bytes">Bytes of the text.</param>
    /// <param name="offset">Where the first of them stands in it.</param>
    public int LastLineEnd(ReadOnlySpan<byte> bytes, long offset)
    {
        if (Encoding == TextEncoding.Utf8)
        {
            return bytes.LastIndexOf((byte)'\n') + 1 is > 0 and var end ? end : -1;
        }

        for (var at = bytes.Length - (int)((offset + bytes.Length) & 1) - 2; at >= 0; at -= 2)
        {
            var unit = bytes.Slice(at, 2);
            if ((Encoding == TextEncoding.Utf16LittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(unit) : BinaryPrimitives.ReadUInt16BigEndian(unit)) == '\n')
            {
                return at + 2;
            }
        }

        return -1;
    }
}
