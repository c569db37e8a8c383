using System.Buffers;
using System.Text;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// <c>name@host.tld</c>: around an <c>@</c> the bytes of a name and of a domain with a dot, whose last label has two letters
/// or more. (Quoted names of RFC 5322 and hosts without a dot are not told.)
/// </summary>
sealed class EmailDetector : Detector
{
    static readonly SearchValues<byte> Name = Bytes("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'");
    static readonly SearchValues<byte> Domain = Bytes("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    public override void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        var from = 0;
        while (text[from..].IndexOf((byte)'@') is >= 0 and var next)
        {
            var at = from + next;
            var start = from + text[from..at].LastIndexOfAnyExcept(Name) + 1;
            while (start < at && text[start] is (byte)'.' or (byte)'\'')
            {
                start++;
            }

            var length = text[(at + 1)..].IndexOfAnyExcept(Domain);
            var end = length < 0 ? text.Length : at + 1 + length;
            from = at + 1;
            if (start < at && DomainEnd(text, at + 1, end) is > 0 and var stop)
            {
                places.Add((start, stop));
                from = stop;
            }
        }
    }

    public override int WriteCanonical(ReadOnlySpan<byte> match, Span<byte> target)
    {
        Ascii.ToLower(match, target, out var written);
        return written == match.Length ? written : base.WriteCanonical(match, target);
    }

    /// <summary>Where the domain ends; 0 where it is none.</summary>
    static int DomainEnd(ReadOnlySpan<byte> text, int start, int end)
    {
        while (end > start && text[end - 1] is (byte)'.' or (byte)'-')
        {
            end--;
        }

        var dot = text[start..end].LastIndexOf((byte)'.');
        if (dot <= 0)
        {
            return 0;
        }

        var label = text[(start + dot + 1)..end];
        return label.Length >= 2 && (label[0] >= 0x80 || char.IsAsciiLetter((char)label[0])) && (label[1] >= 0x80 || !IsDigit(label[1])) ? end : 0;
    }

    static SearchValues<byte> Bytes(string ascii) =>
        SearchValues.Create([.. Encoding.ASCII.GetBytes(ascii), .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);
}
