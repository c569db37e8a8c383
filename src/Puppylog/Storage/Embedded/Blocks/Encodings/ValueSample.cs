using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>What a few values of a column look like, so that only encodings are tried that may do.</summary>
readonly record struct ValueSample(bool AreIntegers, bool AreDecimals, bool AreHex, bool AreAddresses)
{
    const int Values = 16;

    public static ValueSample Of(in ColumnInput column)
    {
        int seen = 0, integers = 0, decimals = 0, hex = 0, addresses = 0;
        var length = -1;
        var step = Math.Max(1, column.Rows.Length / Values);
        for (var i = 0; i < column.Rows.Length; i += step)
        {
            var span = column.Spans[column.Rows[i]];
            if (span.IsAbsent)
            {
                continue;
            }

            var value = column.Value(span);
            seen++;
            length = length < 0 ? span.Length : length;
            integers += IntegerEncoding.TryCanonical(value, out _) ? 1 : 0;
            decimals += DecimalEncoding.TryParse(value, value.Length, out _, out _) || DecimalEncoding.TryParse(value, 0, out _, out _) ? 1 : 0;
            hex += span.Length == length && LooksHexadecimal(value) ? 1 : 0;
            addresses += Ipv4Encoding.TryParse(value, out _) ? 1 : 0;
        }

        return new(integers == seen, decimals * 4 > seen * 3, hex == seen, addresses * 4 > seen * 3);
    }

    static bool LooksHexadecimal(ReadOnlySpan<byte> value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiHexDigit((char)c) && c != '-')
            {
                return false;
            }
        }

        return !value.IsEmpty;
    }
}
