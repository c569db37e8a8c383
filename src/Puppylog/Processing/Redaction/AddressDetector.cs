using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// IP addresses. Their network is kept: the last octet of a v4 address becomes 0, and the last 80 bits of a v6 address, of
/// which its site has the first 48 (RFC 6177).
/// </summary>
sealed class AddressDetector : Detector
{
    const int LeastV4 = 7;
    const int LeastFullV6 = 15;

    static readonly bool[] V4 = Runs.Members("0123456789.");
    static readonly bool[] V6 = Runs.Members("0123456789abcdefABCDEF:");

    public override void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        var from = 0;
        while (Runs.TryNext(text, from, V4, LeastV4, out var start, out var end))
        {
            from = end;
            if (IsV4(text, start, ref end))
            {
                places.Add((start, end));
            }
        }

        FindShortened(text, places);
        from = 0;
        while (Runs.TryNext(text, from, V6, LeastFullV6, out var start, out var end))
        {
            if (text[start..end].Count((byte)':') == 7)
            {
                AddV6(text, start, end, places);
            }

            from = end;
        }
    }

    public override int WriteKept(ReadOnlySpan<byte> match, Span<byte> target)
    {
        if (match.IndexOf((byte)':') < 0)
        {
            var kept = match.LastIndexOf((byte)'.') + 1;
            match[..kept].CopyTo(target);
            target[kept] = (byte)'0';
            return kept + 1;
        }

        if (!IPAddress.TryParse(match, out var address))
        {
            // With an escape beside it.
            return 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[6..].Clear();
        return new IPAddress(bytes).TryFormat(target, out var written) ? written : 0;
    }

    void FindShortened(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        var from = 0;
        while (text[from..].IndexOf("::"u8) is >= 0 and var next)
        {
            var start = from + next;
            var end = start + 2;
            while (start > from && V6[text[start - 1]])
            {
                start--;
            }

            while (end < text.Length && V6[text[end]])
            {
                end++;
            }

            AddV6(text, start, end, places);
            from = end;
        }
    }

    static bool IsV4(ReadOnlySpan<byte> text, int start, ref int end)
    {
        if (start > 0 && (IsWord(text[start - 1]) || text[start - 1] == '-'))
        {
            return false;
        }

        var at = start;
        for (var part = 0; part < 4; part++)
        {
            if (!Utf8Parser.TryParse(text[at..end], out byte _, out var length) || length > 3)
            {
                return false;
            }

            at += length;
            if (part < 3 && (at >= end || text[at++] != '.'))
            {
                return false;
            }
        }

        // The full stop of a sentence.
        if (at < end && (text[at] != '.' || at + 1 < end))
        {
            return false;
        }

        end = at;
        return (at == text.Length || !IsWord(text[at])) && !text[start..end].EndsWith(".0"u8);
    }

    static void AddV6(ReadOnlySpan<byte> text, int start, int end, List<(int Start, int End)> places)
    {
        // A colon that ends a clause, as in "from fe80::1: refused".
        if (end - start > 3 && text[end - 1] == ':' && text[end - 2] != ':')
        {
            end--;
        }

        var match = text[start..end];
        var standsAlone = (start == 0 || !IsWord(text[start - 1])) && (end == text.Length || (!IsWord(text[end]) && !(text[end] == '.' && end + 1 < text.Length && IsDigit(text[end + 1]))));
        if (standsAlone && match.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0
            && IPAddress.TryParse(match, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !IsMasked(address))
        {
            places.Add((start, end));
        }
    }

    static bool IsMasked(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return bytes[6..].IndexOfAnyExcept((byte)0) < 0;
    }
}
