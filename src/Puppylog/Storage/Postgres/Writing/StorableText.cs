using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>
/// Text as PostgreSQL holds it: UTF-8 without NUL. Each NUL, and each sequence of bytes that is no UTF-8, becomes U+FFFD; the
/// line keeps its bytes in <c>raw</c>.
/// </summary>
static class StorableText
{
    static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    public static bool IsStorable(ReadOnlySpan<byte> bytes) => !bytes.Contains((byte)0) && Utf8.IsValid(bytes);

    /// <summary>True where a part of bytes that are valid as a whole cuts no character.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> all, int offset, int length) =>
        length <= 0 || ((all[offset] & 0xC0) != 0x80 && (offset + length >= all.Length || (all[offset + length] & 0xC0) != 0x80));

    /// <summary>Writes the text with what cannot be held replaced.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, CopyBuffer target)
    {
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var taken);
            if (status != OperationStatus.Done || rune.Value == 0)
            {
                target.Raw(Replacement);
            }
            else
            {
                target.Raw(bytes[..taken]);
            }

            bytes = bytes[Math.Max(1, taken)..];
        }
    }

    /// <summary>True where the text is what <see cref="Write"/> makes of the bytes.</summary>
    public static bool IsMadeOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes)
    {
        if (IsStorable(bytes))
        {
            return text.SequenceEqual(bytes);
        }

        using var buffer = new CopyBuffer();
        Write(bytes, buffer);
        return text.SequenceEqual(buffer.Written.Span);
    }
}
