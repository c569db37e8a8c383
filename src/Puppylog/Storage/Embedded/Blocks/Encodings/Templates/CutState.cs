using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// What the bytes before say of the next 64 of a value: whether these are within double quotes (a quote behind a backslash is
/// none), and whether the first stands behind a digit.
/// </summary>
struct CutState
{
    /// <summary>All bits where the bytes before end within quotes.</summary>
    ulong _inside;

    /// <summary>1 where they end with a backslash.</summary>
    ulong _escape;

    /// <summary>1 where they end with a quote.</summary>
    ulong _quote;

    /// <summary>1 where they end with a digit.</summary>
    ulong _digit;

    /// <summary>Of these places those outside of quotes, the quotes, and colons behind them.</summary>
    /// <param name="places">A bit for each of 64 bytes.</param>
    /// <param name="start">The first of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Outside(ulong places, ref byte start)
    {
        var backslashes = Equal(ref start, (byte)'\\');
        var quotes = Equal(ref start, (byte)'"') & ~((backslashes << 1) | _escape);
        _escape = backslashes >> 63;
        places |= Equal(ref start, (byte)':') & ((quotes << 1) | _quote);
        _quote = quotes >> 63;

        // Each bit becomes the parity of the quotes up to it.
        var inside = quotes ^ (quotes << 1);
        inside ^= inside << 2;
        inside ^= inside << 4;
        inside ^= inside << 8;
        inside ^= inside << 16;
        inside ^= inside << 32;
        inside ^= _inside;
        _inside = (ulong)((long)inside >> 63);
        return (places & ~inside) | quotes;
    }

    /// <summary>The places of a <c>T</c> or <c>Z</c> behind a digit.</summary>
    /// <param name="start">The first of 64 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Times(ref byte start)
    {
        var digits = Digits(Vector256.LoadUnsafe(ref start)) | ((ulong)Digits(Vector256.LoadUnsafe(ref start, 32)) << 32);
        var behind = (digits << 1) | _digit;
        _digit = digits >> 63;
        return (Equal(ref start, (byte)'T') | Equal(ref start, (byte)'Z')) & behind;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Digits(Vector256<byte> bytes) =>
        Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Equal(ref byte start, byte value) =>
        Vector256.Equals(Vector256.LoadUnsafe(ref start), Vector256.Create(value)).ExtractMostSignificantBits()
        | ((ulong)Vector256.Equals(Vector256.LoadUnsafe(ref start, 32), Vector256.Create(value)).ExtractMostSignificantBits() << 32);
}
