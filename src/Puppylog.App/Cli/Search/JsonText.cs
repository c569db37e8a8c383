using System.Buffers;
using System.Text;

namespace Puppylog.App.Cli.Search;

/// <summary>Any bytes as a JSON string (RFC 8259); bytes that are no UTF-8 become U+FFFD.</summary>
static class JsonText
{
    /// <summary>Printable ASCII but for the quote and the backslash.</summary>
    static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x60).Select(b => (byte)b).Where(b => b is not ((byte)'"' or (byte)'\\'))]);

    public static void WriteString(this OutputBuffer output, ReadOnlySpan<byte> value)
    {
        output.Write((byte)'"');
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                output.Write(value);
                break;
            }

            output.Write(value[..plain]);
            value = value[plain..];
            if (value[0] < 0x80)
            {
                Escape(output, value[0]);
                value = value[1..];
            }
            else if (Rune.DecodeFromUtf8(value, out _, out var length) == OperationStatus.Done)
            {
                output.Write(value[..length]);
                value = value[length..];
            }
            else
            {
                output.Write("\uFFFD"u8);
                value = value[length..];
            }
        }

        output.Write((byte)'"');
    }

    static void Escape(OutputBuffer output, byte value)
    {
        switch (value)
        {
            case (byte)'"': output.Write("\\\""u8); break;
            case (byte)'\\': output.Write("\\\\"u8); break;
            case (byte)'\n': output.Write("\\n"u8); break;
            case (byte)'\r': output.Write("\\r"u8); break;
            case (byte)'\t': output.Write("\\t"u8); break;
            default:
                output.Write("\\u00"u8);
                output.Write("0123456789abcdef"u8[value >> 4]);
                output.Write("0123456789abcdef"u8[value & 15]);
                break;
        }
    }
}
