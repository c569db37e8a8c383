using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// Finds runs of digits and a few other bytes that have a least length: 64 bytes become a mask of members, and a run is what
/// is left of it after shifts. (Looking at every so-many-th byte instead took ten times as long: half of the branches are missed.)
/// </summary>
/// <param name="withHex">The letters of hexadecimal numbers are members.</param>
/// <param name="first">A member.</param>
/// <param name="second">Another one.</param>
sealed class Runs(bool withHex, char first, char second)
{
    const int Window = 64;

    readonly bool[] _members = Members(withHex ? $"0123456789abcdefABCDEF{first}{second}" : $"0123456789{first}{second}");

    public bool IsMember(byte b) => _members[b];

    /// <summary>The next run of at least <paramref name="least"/> bytes that begins at or after <paramref name="from"/>; false where there is none.</summary>
    /// <param name="least">At most 32.</param>
    public bool TryNext(ReadOnlySpan<byte> text, int from, int least, out int start, out int end)
    {
        var at = from;
        for (; text.Length - at >= Window; at += Window - least + 1)
        {
            var runs = Mask(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at));
            for (var length = 1; length < least;)
            {
                var step = Math.Min(length, least - length);
                runs &= runs >> step;
                length += step;
            }

            if (runs != 0)
            {
                start = at + BitOperations.TrailingZeroCount(runs);
                end = End(text, start + least);
                return true;
            }
        }

        for (start = at; start + least <= text.Length; start = end + 1)
        {
            end = End(text, start);
            if (end - start >= least)
            {
                return true;
            }
        }

        start = end = text.Length;
        return false;
    }

    public static bool[] Members(string ascii)
    {
        var members = new bool[256];
        foreach (var c in ascii)
        {
            members[c] = true;
        }

        return members;
    }

    int End(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && _members[text[at]])
        {
            at++;
        }

        return at;
    }

    ulong Mask(ref byte text) =>
        IsMember(Vector256.LoadUnsafe(ref text)).ExtractMostSignificantBits()
        | ((ulong)IsMember(Vector256.LoadUnsafe(ref text, 32)).ExtractMostSignificantBits() << 32);

    Vector256<byte> IsMember(Vector256<byte> bytes)
    {
        var members = Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9))
            | Vector256.Equals(bytes, Vector256.Create((byte)first)) | Vector256.Equals(bytes, Vector256.Create((byte)second));
        return withHex
            ? members | Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)5))
            : members;
    }
}
