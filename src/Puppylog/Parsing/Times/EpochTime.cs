using System.Buffers.Text;

namespace Puppylog.Parsing.Times;

/// <summary>Times as numbers since 1970.</summary>
static class EpochTime
{
    /// <summary>1973. A smaller number is a duration or a counter rather than a time.</summary>
    const decimal LeastSeconds = 1e8m;

    /// <summary>Seconds, milli-, micro- or nanoseconds since 1970, told apart by their size; fractions count.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out long nanoseconds)
    {
        nanoseconds = 0;
        if (value.Length is >= 9 and <= 18 && TryWhole(value, out var whole))
        {
            var unit = value.Length switch { <= 11 => 1_000_000_000L, <= 14 => 1_000_000, <= 17 => 1000, _ => 1 };
            nanoseconds = unchecked(whole * unit);
            return whole >= (long)LeastSeconds && whole <= long.MaxValue / unit;
        }

        if (!Utf8Parser.TryParse(value, out decimal number, out var taken) || taken != value.Length || number < LeastSeconds)
        {
            return false;
        }

        return TryScale(number, number switch { < 1e11m => 1e9m, < 1e14m => 1e6m, < 1e17m => 1e3m, _ => 1m }, out nanoseconds);
    }

    /// <summary>In the given unit: <c>s</c>, <c>ms</c>, <c>us</c> or <c>ns</c>, perhaps with digits behind a point.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, string unit, out long nanoseconds)
    {
        nanoseconds = 0;
        return Utf8Parser.TryParse(value, out decimal number, out var taken) && taken == value.Length
            && TryScale(number, unit[0] switch { 's' => 1e9m, 'm' => 1e6m, 'u' => 1e3m, _ => 1m }, out nanoseconds);
    }

    static bool TryWhole(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        foreach (var b in digits)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        // A number in front of which zeros stand is of another size than it looks.
        return digits[0] != '0';
    }

    static bool TryScale(decimal number, decimal unit, out long nanoseconds)
    {
        nanoseconds = 0;
        if (number > long.MaxValue / unit || number < 0)
        {
            return false;
        }

        nanoseconds = (long)(number * unit);
        return true;
    }
}
