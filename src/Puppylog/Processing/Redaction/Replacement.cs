using System.Security.Cryptography;
using System.Text;
using Puppylog.Processing.Options;

namespace Puppylog.Processing.Redaction;

/// <summary>What takes the place of a match.</summary>
sealed class Replacement(string mask, RedactionKey? key)
{
    const int TokenBytes = 8;

    readonly byte[] _mask = Encoding.ASCII.GetBytes(mask);
    byte[] _canonical = new byte[256];

    /// <summary>Writes it at the end of <paramref name="tokens"/>; true where part of the match is kept.</summary>
    public bool Write(Detector detector, ReadOnlySpan<byte> match, List<byte> tokens)
    {
        Span<byte> kept = stackalloc byte[64];
        if (key is not null)
        {
            WriteToken(detector, match, tokens);
            return false;
        }

        var length = detector.WriteKept(match, kept);
        tokens.AddRange(length > 0 ? kept[..length] : _mask);
        return length > 0;
    }

    void WriteToken(Detector detector, ReadOnlySpan<byte> match, List<byte> tokens)
    {
        if (_canonical.Length < match.Length)
        {
            _canonical = new byte[match.Length];
        }

        var length = detector.WriteCanonical(match, _canonical);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key!.Bytes, _canonical.AsSpan(0, length), hash);
        Span<byte> digits = stackalloc byte[TokenBytes * 2];
        Convert.TryToHexStringLower(hash[..TokenBytes], digits, out _);
        tokens.AddRange("h_"u8);
        tokens.AddRange(digits);
    }
}
