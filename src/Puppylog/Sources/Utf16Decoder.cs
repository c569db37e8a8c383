using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Puppylog.Sources;

/// <summary>
/// Turns UTF-16 that comes in any pieces into UTF-8. Half a unit, or half a surrogate pair, at the end of a piece waits for
/// the next one. A surrogate without its other half becomes U+FFFD (RFC 2781 leaves it open), so that a unit of the input
/// is always a unit of the output: how many bytes of the input a text stands for can be counted from it.
/// </summary>
sealed class Utf16Decoder(TextEncoding encoding)
{
    /// <summary>Units that are swapped at a time.</summary>
    const int SwapSize = 4096;

    static ReadOnlySpan<byte> Replacement => "\ufffd"u8;

    // Half a pair and half a unit at most.
    readonly byte[] _waiting = new byte[3];

    /// <summary>Bytes of the input that wait for their rest.</summary>
    public int Waiting { get; private set; }

    /// <summary>Halves of surrogate pairs, and halves of units at an end, so far.</summary>
    public long Replaced { get; private set; }

    /// <summary>Bytes that so many bytes of input may become, those that wait included.</summary>
    public static int MaxLength(int bytes) => ((bytes + 3) / 2 * 3) + (2 * Replacement.Length);

    /// <summary>Bytes of input that UTF-8 from a decoder stands for.</summary>
    public static long InputLength(ReadOnlySpan<byte> text) => 2L * Encoding.UTF8.GetCharCount(text);

    /// <param name="bytes">Those that come next.</param>
    /// <param name="target">Room for <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        var written = 0;
        if (Waiting > 0)
        {
            // Four units: those that wait are among the first two, which cannot wait for what comes behind these.
            Span<byte> joined = stackalloc byte[8];
            _waiting.AsSpan(0, Waiting).CopyTo(joined);
            var added = Math.Min(joined.Length - Waiting, bytes.Length);
            bytes[..added].CopyTo(joined[Waiting..]);
            joined = joined[..(Waiting + added)];
            var taken = DecodeUnits(joined, target, ref written);
            if (taken < Waiting)
            {
                Keep(joined[taken..]);
                return written;
            }

            bytes = bytes[(taken - Waiting)..];
        }

        Keep(bytes[DecodeUnits(bytes, target, ref written)..]);
        return written;
    }

    /// <summary>The text has ended: what waits for its rest becomes U+FFFD.</summary>
    /// <param name="target">Room for <see cref="MaxLength"/> of no bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Finish(Span<byte> target)
    {
        var written = 0;
        for (; Waiting > 0; Waiting = Math.Max(0, Waiting - 2))
        {
            Replace(target, ref written);
        }

        return written;
    }

    /// <summary>Decodes what is whole; returns the bytes taken.</summary>
    int DecodeUnits(ReadOnlySpan<byte> bytes, Span<byte> target, ref int written)
    {
        var units = MemoryMarshal.Cast<byte, ushort>(bytes);
        if (encoding == TextEncoding.Utf16LittleEndian == BitConverter.IsLittleEndian)
        {
            return sizeof(ushort) * DecodeCharacters(MemoryMarshal.Cast<ushort, char>(units), target, ref written);
        }

        Span<ushort> swapped = stackalloc ushort[SwapSize];
        var taken = 0;
        while (taken < units.Length)
        {
            var piece = swapped[..Math.Min(SwapSize, units.Length - taken)];
            BinaryPrimitives.ReverseEndianness(units.Slice(taken, piece.Length), piece);
            var decoded = DecodeCharacters(MemoryMarshal.Cast<ushort, char>(piece), target, ref written);
            if (decoded == 0)
            {
                break;
            }

            taken += decoded;
        }

        return sizeof(ushort) * taken;
    }

    int DecodeCharacters(ReadOnlySpan<char> characters, Span<byte> target, ref int written)
    {
        var taken = 0;
        while (true)
        {
            var status = Utf8.FromUtf16(characters[taken..], target[written..], out var read, out var wrote, replaceInvalidSequences: false, isFinalBlock: false);
            taken += read;
            written += wrote;
            if (status != OperationStatus.InvalidData)
            {
                return taken;
            }

            Replace(target, ref written);
            taken++;
        }
    }

    void Replace(Span<byte> target, ref int written)
    {
        Replacement.CopyTo(target[written..]);
        written += Replacement.Length;
        Replaced++;
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_waiting);
        Waiting = bytes.Length;
    }
}
