using System.Buffers;
using System.Text;

namespace Puppylog.App.Cli.Search;

/// <summary>Text for people. On a terminal, bytes of a log that would steer it are shown as escapes instead.</summary>
/// <param name="isTerminal">True where a person looks on.</param>
/// <param name="colours">True to colour.</param>
sealed class Terminal(OutputBuffer output, bool isTerminal, bool colours)
{
    public static Terminal OnStandardOutput(OutputBuffer output) =>
        new(output, !Console.IsOutputRedirected, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <param name="code">Of "select graphic rendition" (ECMA-48): <c>31</c> is red.</param>
    public void Coloured(ReadOnlySpan<byte> text, ReadOnlySpan<byte> code)
    {
        if (!colours || code.IsEmpty)
        {
            Write(text);
            return;
        }

        output.Write("\e["u8);
        output.Write(code);
        output.Write((byte)'m');
        Write(text);
        output.Write("\e[0m"u8);
    }

    public void Write(ReadOnlySpan<byte> text)
    {
        if (!isTerminal)
        {
            output.Write(text);
            return;
        }

        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (status != OperationStatus.Done || rune.Value < ' ' || rune.Value is (>= 0x7f and < 0xa0) || TurnsText(rune))
            {
                Escape(text[..length]);
            }
            else
            {
                output.Write(text[..length]);
            }

            text = text[length..];
        }
    }

    /// <summary>Marks that reorder or break the text around them (UAX #9), so that a line shows what it is not.</summary>
    static bool TurnsText(Rune rune) => rune.Value is 0x200e or 0x200f or (>= 0x2028 and <= 0x202e) or (>= 0x2066 and <= 0x2069);

    void Escape(ReadOnlySpan<byte> bytes)
    {
        if (bytes.SequenceEqual("\t"u8))
        {
            output.Write(bytes);
        }
        else if (bytes.SequenceEqual("\n"u8))
        {
            // The rest of a message of several lines stands apart from the next record.
            output.Write("\n    "u8);
        }
        else
        {
            foreach (var b in bytes)
            {
                output.Write("\\x"u8);
                output.Write("0123456789abcdef"u8[b >> 4]);
                output.Write("0123456789abcdef"u8[b & 15]);
            }
        }
    }
}
