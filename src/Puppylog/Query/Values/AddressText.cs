using Puppylog.Query.Filters;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Values;

/// <summary>Texts that are exactly the dotted form of an IPv4 address: some blocks hold them as numbers, others as text.</summary>
static class AddressText
{
    const int MinLength = 7;

    public static bool TryParse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        if (text.Length is < MinLength or > Ipv4Vector.MaxLength || (uint)(text[0] - '0') > 9 || !Ipv4RangeFilter.TryParse(text, out address))
        {
            return false;
        }

        Span<byte> canonical = stackalloc byte[Ipv4Vector.MaxLength];
        return text.SequenceEqual(canonical[..Ipv4Vector.Format(address, canonical)]);
    }

    public static ulong Hash(uint address) => ByteHash.Of(address);

    /// <summary>A hash of a value that is the same whether a block holds it as an address or as text.</summary>
    public static ulong Hash(ReadOnlySpan<byte> text) => TryParse(text, out var address) ? Hash(address) : ByteHash.Of(text);
}
