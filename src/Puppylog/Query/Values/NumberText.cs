using System.Buffers.Text;
using System.Globalization;

namespace Puppylog.Query.Values;

/// <summary>Numbers as values of fields hold them, and as results are printed.</summary>
static class NumberText
{
    /// <summary>Reads a whole value as an integer or a finite floating-point number; the integer is 0 for the latter.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number, out long integer, out bool isInteger)
    {
        number = 0;
        integer = 0;
        isInteger = false;
        if (text.IsEmpty || (text[0] is not ((byte)'-' or (byte)'+' or (byte)'.') && (uint)(text[0] - '0') > 9) || text.Length > 64)
        {
            return false;
        }

        if (Utf8Parser.TryParse(text, out integer, out var taken) && taken == text.Length)
        {
            number = integer;
            isInteger = true;
            return true;
        }

        integer = 0;
        return Utf8Parser.TryParse(text, out number, out taken) && taken == text.Length && double.IsFinite(number);
    }

    /// <summary>The shortest decimal form that reads back as the same number, without an exponent.</summary>
    public static string Format(double number)
    {
        if (number == Math.Truncate(number) && Math.Abs(number) < 1e15)
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }

        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
        {
            return text;
        }

        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? "-" : "";
        var mantissa = text[sign.Length..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var place = (point < 0 ? digits.Length : point) + exponent;
        return place <= 0
            ? $"{sign}0.{new string('0', -place)}{digits}"
            : place >= digits.Length ? sign + digits.PadRight(place, '0') : $"{sign}{digits[..place]}.{digits[place..]}";
    }
}
