using System.Buffers.Text;
using System.Text;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// A line with its escapes undone, those of JSON (<c>\u0040</c>), of web servers (<c>\x22</c>) and of URLs (<c>%40</c>), and
/// where in the line each byte came from. Where there are backslashes, they are the outer layer: encoders of URLs leave none.
/// </summary>
sealed class DecodedLine
{
    byte[] _bytes = new byte[1024];
    // Where the escape or byte begins that each decoded byte came from; one more for the end.
    int[] _starts = new int[1025];
    int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The place in the line that decoded bytes came from.</summary>
    public (int Start, int End) Origin(int start, int end)
    {
        // The bytes of one escaped character begin at one place.
        while (end < _length && _starts[end] == _starts[end - 1])
        {
            end++;
        }

        return (_starts[start], _starts[end]);
    }

    /// <summary>Decodes one layer; false where there was nothing to undo.</summary>
    /// <param name="before">The layer that the text is, or null for the line itself.</param>
    public bool TryDecode(ReadOnlySpan<byte> text, DecodedLine? before) => TryDecode(text, (byte)'\\', before) || TryDecode(text, (byte)'%', before);

    bool TryDecode(ReadOnlySpan<byte> text, byte escape, DecodedLine? before)
    {
        if (!text.Contains(escape))
        {
            return false;
        }

        Ensure(text.Length);
        _length = 0;
        var isChanged = false;
        var at = 0;
        while (at < text.Length)
        {
            var plain = text[at..].IndexOf(escape);
            Copy(text, at, plain < 0 ? text.Length : at + plain, before);
            if (plain < 0)
            {
                break;
            }

            at += plain;
            var origin = before is null ? at : before._starts[at];
            var used = Undo(text[at..], origin);
            if (used > 0)
            {
                isChanged = true;
                at += used;
            }
            else
            {
                Put(text[at++], origin);
            }
        }

        _starts[_length] = before is null ? text.Length : before._starts[text.Length];
        return isChanged;
    }

    void Copy(ReadOnlySpan<byte> text, int at, int end, DecodedLine? before)
    {
        text[at..end].CopyTo(_bytes.AsSpan(_length));
        for (; at < end; at++)
        {
            _starts[_length++] = before is null ? at : before._starts[at];
        }
    }

    void Put(byte b, int origin)
    {
        _bytes[_length] = b;
        _starts[_length++] = origin;
    }

    /// <summary>Undoes the escape that the text begins with; the bytes that it has, 0 where it is none.</summary>
    int Undo(ReadOnlySpan<byte> text, int origin)
    {
        if (text[0] == '%')
        {
            return TryHex(text, 1, 2, out var octet) ? PutOctet(octet, origin, 3) : 0;
        }

        switch (text.Length > 1 ? text[1] : (byte)0)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'\'':
                return PutOctet(text[1], origin, 2);
            case (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f':
                return PutOctet(' ', origin, 2);
            case (byte)'x':
                return TryHex(text, 2, 2, out var octet) ? PutOctet(octet, origin, 4) : 0;
            case (byte)'u' when TryHex(text, 2, 4, out var unit):
                return PutCharacter(text, unit, origin);
            default:
                return 0;
        }
    }

    int PutCharacter(ReadOnlySpan<byte> text, int unit, int origin)
    {
        var used = 6;
        var rune = new Rune('\ufffd');
        if (char.IsHighSurrogate((char)unit) && text.Length >= 12 && text[6] == '\\' && text[7] == 'u' && TryHex(text, 8, 4, out var low)
            && Rune.TryCreate((char)unit, (char)low, out var pair))
        {
            (rune, used) = (pair, 12);
        }
        else if (Rune.TryCreate((char)unit, out var single))
        {
            rune = single;
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
        {
            Put(b == '\n' ? (byte)' ' : b, origin);
        }

        return used;
    }

    int PutOctet(int octet, int origin, int used)
    {
        Put(octet == '\n' ? (byte)' ' : (byte)octet, origin);
        return used;
    }

    static bool TryHex(ReadOnlySpan<byte> text, int start, int digits, out int number)
    {
        number = 0;
        return text.Length >= start + digits && Utf8Parser.TryParse(text.Slice(start, digits), out number, out var used, 'x') && used == digits && number >= 0;
    }

    void Ensure(int length)
    {
        if (_bytes.Length < length)
        {
            _bytes = new byte[Math.Max(length, _bytes.Length * 2)];
            _starts = new int[_bytes.Length + 1];
        }
    }
}
