using System.Buffers;
using System.Globalization;
using System.Text;

namespace Puppylog.Query.Syntax;

/// <summary>
/// A number in a query or in a field. Integers are held exactly, so that comparing them means the same whatever the
/// column is made of.
/// </summary>
/// <param name="Float">The value, rounded where it is a large integer.</param>
/// <param name="Integer">The exact value of an integer that a long holds.</param>
/// <param name="IsInteger">True where <paramref name="Integer"/> holds it.</param>
readonly record struct Number(double Float, long Integer, bool IsInteger)
{
    const NumberStyles FloatStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>A longer text is no number.</summary>
    const int MaxLength = 64;

    /// <summary>
    /// Reads a field's value: an integer, a decimal number, a duration (<c>1.5s</c>, as nanoseconds) or a size
    /// (<c>10KiB</c>, as bytes).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Number number)
    {
        number = default;
        if (text.IsEmpty || text.Length > MaxLength || !StartsNumber(text))
        {
            return false;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            number = new(integer, integer, true);
            return true;
        }

        if (double.TryParse(text, FloatStyle, CultureInfo.InvariantCulture, out var value))
        {
            number = Of(value);
            return double.IsFinite(value);
        }

        if (text[^1] is >= (byte)'0' and <= (byte)'9')
        {
            return false;
        }

        Span<char> chars = stackalloc char[MaxLength];
        return TryWithUnit(chars[..Encoding.UTF8.GetChars(text, chars)], out number);
    }

    /// <summary>Reads a bound in a query: as a field's value, and <c>inf</c>, <c>0x1f</c>, <c>1_000</c>.</summary>
    public static bool TryParseBound(string text, out Number number)
    {
        switch (text.ToLowerInvariant())
        {
            case "inf" or "+inf":
                number = new(double.PositiveInfinity, 0, false);
                return true;
            case "-inf":
                number = new(double.NegativeInfinity, 0, false);
                return true;
        }

        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            number = new(hex, hex, true);
            return true;
        }

        if (text.Length > 0 && char.IsAsciiDigit(text[^1]))
        {
            text = text.Replace("_", "", StringComparison.Ordinal);
        }

        return TryParse(Encoding.UTF8.GetBytes(text), out number);
    }

    static bool StartsNumber(ReadOnlySpan<byte> text)
    {
        var first = text[0] is (byte)'-' or (byte)'+' && text.Length > 1 ? text[1] : text[0];
        return first is (>= (byte)'0' and <= (byte)'9') or (byte)'.';
    }

    static bool TryWithUnit(ReadOnlySpan<char> text, out Number number)
    {
        if (Durations.TryParse(text, out var nanoseconds))
        {
            number = new(nanoseconds, nanoseconds, true);
            return true;
        }

        number = default;
        var digits = text.LastIndexOfAny(Digits) + 1;
        if (UnitOf(text[digits..]) is not (> 0 and var unit)
            || !decimal.TryParse(text[..digits], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || Math.Abs(amount) > long.MaxValue / unit)
        {
            return false;
        }

        amount *= unit;
        var integer = (long)amount;
        number = integer == amount ? new(integer, integer, true) : new((double)amount, 0, false);
        return true;
    }

    static long UnitOf(ReadOnlySpan<char> name) => name switch
    {
        "B" => 1,
        "K" or "KB" => 1000,
        "M" or "MB" => 1_000_000,
        "G" or "GB" => 1_000_000_000,
        "T" or "TB" => 1_000_000_000_000,
        "Ki" or "KiB" => 1L << 10,
        "Mi" or "MiB" => 1L << 20,
        "Gi" or "GiB" => 1L << 30,
        "Ti" or "TiB" => 1L << 40,
        _ => 0,
    };

    static Number Of(double value) =>
        Math.Abs(value) < 1L << 53 && Math.Floor(value) == value ? new(value, (long)value, true) : new(value, 0, false);
}
