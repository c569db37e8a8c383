using System.Globalization;
using System.Text;

namespace Puppylog.Query.Filters.Values;

/// <summary><c>ip:ipv4_range(10.0.0.0/8)</c>, <c>ip:&gt;10.0.0.1</c>: the whole value is an IPv4 address within the bounds.</summary>
/// <param name="field">The field.</param>
/// <param name="min">The first address, as a number.</param>
/// <param name="max">The last address.</param>
/// <param name="text">What stands after the field's colon.</param>
sealed class Ipv4RangeFilter(string field, uint min, uint max, string text) : ValueFilter(field)
{
    public override bool Matches(ReadOnlySpan<byte> value) => TryParse(value, out var address) && address >= min && address <= max;

    public override bool TryGetIntegers(out long min, out long max)
    {
        (min, max) = (1, 0);
        return true;
    }

    public override string ToString() => FullPrefix + text;

    /// <summary>Reads an address in dotted decimals.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            var digits = part < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (digits is < 1 or > 3 || !byte.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            address = (address << 8) | value;
            text = part < 3 ? text[(digits + 1)..] : text;
        }

        return true;
    }

    /// <summary>Reads an address or a network, <c>10.0.0.0/8</c>.</summary>
    public static bool TryParseNetwork(string text, out uint min, out uint max)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bits = 32;
        max = 0;
        if (!TryParse(Encoding.UTF8.GetBytes(slash < 0 ? text : text[..slash]), out min)
            || (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > 32)))
        {
            return false;
        }

        var hosts = bits == 0 ? uint.MaxValue : (1u << (32 - bits)) - 1;
        min &= ~hosts;
        max = min | hosts;
        return true;
    }
}
