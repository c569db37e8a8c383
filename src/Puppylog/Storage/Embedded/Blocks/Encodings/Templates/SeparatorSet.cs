using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// Bytes at which values are cut into tokens. The sets follow each other from coarse to fine: what one leaves in one piece,
/// a later one may cut. The first one cuts at what structures a line, and leaves what stands between quotes in one piece; a colon cuts only behind a quote, as others stand in times and addresses.
/// </summary>
sealed class SeparatorSet
{
    /// <summary>A value is cut at so many places at the most; what follows the last is its last token.</summary>
    public const int MaxSeparators = 95;

    public const int MaxTokens = MaxSeparators + 1;

    /// <summary>The set that leaves what stands between quotes in one piece.</summary>
    public const int Structure = 0;

    /// <summary>
    /// The set that cuts lines without quotes: at once into what would be fields, as to cut a value again costs as much as cutting
    /// the line. (Where values within columns were cut so, those of an access log took 6 % more room.)
    /// </summary>
    public const int Fields = 1;

    /// <summary>Bytes looked at in one step.</summary>
    public const int Width = 64;

    static readonly SeparatorSet[] Sets =
    [
        new(" \t,;{}[]()<>=|\"") { _hasQuotes = true },
        new(" \t,;{}[]()<>=|"),
        new(" \t"),
        new("/?&;,()[]{}<>|\"'"),
        new("=:.-_+@#%~$*!^\\`") { _hasTimes = true },
        new(string.Concat(Enumerable.Range(0, 128).Select(c => (char)c).Where(c => !char.IsAsciiDigit(c)))),
    ];

    /// <summary>The rows of a byte's low half: a bit per high half with which it is in the set (high halves 0 to 7).</summary>
    readonly Vector256<byte> _low;
    readonly Vector256<byte> _high = Vector256.Create(Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, (byte)0));
    bool _hasQuotes;

    /// <summary>True where a <c>T</c> or <c>Z</c> behind a digit is in the set, as in times.</summary>
    bool _hasTimes;

    SeparatorSet(string bytes)
    {
        Span<byte> low = stackalloc byte[16];
        foreach (var c in bytes)
        {
            low[c & 15] |= (byte)(1 << (c >> 4));
        }

        _low = Vector256.Create(Vector128.Create<byte>(low));
    }

    public static int Count => Sets.Length;

    /// <summary>The last set cuts between digits and all else: it is for values that have digits.</summary>
    public static int AtDigits => Sets.Length - 1;

    public static SeparatorSet Get(int level) => Sets[level];

    /// <summary>Says where a value is cut: a bit per byte, 64 to a number.</summary>
    /// <param name="bytes">Where the value lies.</param>
    /// <param name="span">Its place.</param>
    /// <param name="places">Room for all of its bytes.</param>
    public void Find(ReadOnlySpan<byte> bytes, ByteSpan span, Span<ulong> places)
    {
        var state = default(CutState);
        for (int at = span.Offset, i = 0; at < span.End; at += Width, i++)
        {
            places[i] = Places(bytes, at, span.End, ref state);
        }
    }

    /// <summary>Cuts a value and returns the number of its tokens.</summary>
    /// <param name="bytes">Where the value lies.</param>
    /// <param name="span">Its place.</param>
    /// <param name="ends">Gets the place behind each token; room for <see cref="MaxTokens"/>.</param>
    /// <param name="skeleton">Becomes the sequence of separators.</param>
    public int Split(ReadOnlySpan<byte> bytes, ByteSpan span, Span<int> ends, out Skeleton skeleton)
    {
        skeleton = default;
        var count = 0;
        var state = default(CutState);
        for (var at = span.Offset; at < span.End && count < MaxSeparators; at += Width)
        {
            for (var mask = Places(bytes, at, span.End, ref state); mask != 0 && count < MaxSeparators; mask &= mask - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(mask);
                skeleton.Set(count, bytes[place]);
                ends[count++] = place;
            }
        }

        ends[count] = span.End;
        skeleton.End(count + 1);
        return count + 1;
    }

    /// <summary>A bit for each of 64 bytes at which a value is cut.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ulong Places(ReadOnlySpan<byte> bytes, int at, int end, ref CutState state)
    {
        var mask = at + Width <= bytes.Length
            ? Places(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at), ref state)
            : PaddedPlaces(bytes[at..], ref state);
        return end - at < Width ? mask & ((1UL << (end - at)) - 1) : mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ulong Places(ref byte start, ref CutState state)
    {
        var hits = Hits(ref start);
        return _hasQuotes ? state.Outside(hits, ref start) : _hasTimes ? hits | state.Times(ref start) : hits;
    }

    ulong PaddedPlaces(ReadOnlySpan<byte> rest, ref CutState state)
    {
        Span<byte> padded = stackalloc byte[Width];
        padded.Clear();
        rest.CopyTo(padded);
        return Places(ref MemoryMarshal.GetReference(padded), ref state);
    }

    /// <summary>A bit for each of 64 bytes that is in the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ulong Hits(ref byte start) =>
        Hits(Vector256.LoadUnsafe(ref start)) | ((ulong)Hits(Vector256.LoadUnsafe(ref start, 32)) << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    uint Hits(Vector256<byte> window)
    {
        var hits = Rows(_low, window & Vector256.Create((byte)15))
            & Rows(_high, (window.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15));
        return ~Vector256.Equals(hits, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }

    /// <summary>Of 16 rows, which stand in both halves of the table, those that the indices (0 to 15) name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Rows(Vector256<byte> table, Vector256<byte> indices) => Avx2.IsSupported
        ? Avx2.Shuffle(table, indices)
        : RowsByHalves(table, indices);

    /// <summary>The same where there is no AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> RowsByHalves(Vector256<byte> table, Vector256<byte> indices) =>
        Vector256.Create(Vector128.ShuffleNative(table.GetLower(), indices.GetLower()), Vector128.ShuffleNative(table.GetLower(), indices.GetUpper()));
}
