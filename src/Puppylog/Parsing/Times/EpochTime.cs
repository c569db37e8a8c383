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
