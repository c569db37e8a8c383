using Puppylog.Records.Columns;

namespace Puppylog.Query.Values;

/// <summary>Texts that are exactly the dotted form of an IPv4 address: some blocks hold them as numbers, others as text.</summary>
static class AddressText
{
    const int MinLength = 7;

    /// <summary>False also for other ways to write an address, such as with leading zeros.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        if (text.Length is < MinLength or > Ipv4Vector.MaxLength)
        {
            return false;
        }

        var (parts, digits, part) = (1, 0, 0u);
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit <= 9)
            {
                if (digits > 0 && part == 0)
                {
                    return false;
                }

                part = (part * 10) + digit;
                digits++;
            }
            else if (c == '.' && digits > 0 && part <= byte.MaxValue && parts < 4)
            {
                address = (address << 8) | part;
                (digits, part) = (0, 0);
                parts++;
            }
            else
            {
                return false;
            }
        }

        address = (address << 8) | part;
        return parts == 4 && digits > 0 && part <= byte.MaxValue;
    }

    public static ulong Hash(uint address) => ByteHash.Of(address);

    /// <summary>A hash of a value that is the same whether a block holds it as an address or as text.</summary>
    public static ulong Hash(ReadOnlySpan<byte> text) => TryParse(text, out var address) ? Hash(address) : ByteHash.Of(text);
}
