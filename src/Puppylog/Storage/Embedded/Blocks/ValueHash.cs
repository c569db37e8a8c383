using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// 64-bit hashes of values for tables that live as long as a block is encoded; never stored. Seeded, because the values come
/// from outside and could be made to collide.
/// </summary>
static class ValueHash
{
    /// <summary>Up to so many bytes, values of one length and kind have one hash only if they are equal.</summary>
    public const int ExactLength = 8;

    const ulong K0 = 0x9E37_79B9_7F4A_7C15;
    const ulong K1 = 0xD6E8_FEB8_6659_FD93;
    const ulong K2 = 0xA076_1D64_78BD_642F;
    const ulong K3 = 0xE703_7ED1_A0B4_28DB;

    /// <summary>A seed for a table; kept in the table, where it is nearer than a static.</summary>
    public static ulong NewSeed() => (ulong)Random.Shared.NextInt64();

    /// <param name="bytes">Where the value lies.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">Its bytes; they lie within <paramref name="bytes"/>.</param>
    /// <param name="kind">What else makes it differ.</param>
    /// <param name="seed">The table's seed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Compute(ReadOnlySpan<byte> bytes, int offset, int length, byte kind, ulong seed)
    {
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), (nint)offset);
        seed ^= ((ulong)length << 8 | kind) * K0;
        return length <= ExactLength
            ? Mix(Short(ref start, length, bytes.Length - offset) ^ seed)
            : Long(ref start, length, seed);
    }

    /// <summary>The value's bytes as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Short(ref byte start, int length, int readable)
    {
        if (readable >= 8)
        {
            return length == 0 ? 0 : Load(ref start, 0) << (64 - (8 * length));
        }

        ulong value = 0;
        for (var i = 0; i < length; i++)
        {
            value |= (ulong)Unsafe.Add(ref start, i) << (64 - (8 * (length - i)));
        }

        return value;
    }

    /// <summary>Mixes a number so that every bit changes all others, and no two numbers become one (Stafford's variant 13 of MurmurHash3's finalizer).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <summary>
    /// A multiply-and-fold hash in the manner of wyhash. Up to 64 bytes without a loop, whose end no processor foresees: the
    /// first and the last bytes, which may overlap, as products that do not wait for each other.
    /// </summary>
    static ulong Long(ref byte start, int length, ulong hash)
    {
        if (length <= 16)
        {
            return Fold(Load(ref start, 0) ^ K1 ^ hash, Load(ref start, length - 8) ^ K0);
        }

        var first = Sixteen(ref start, 0, hash ^ K1);
        var last = Sixteen(ref start, length - 16, hash ^ K2);
        if (length > 32)
        {
            first ^= Sixteen(ref start, 16, hash ^ K3);
            last ^= Sixteen(ref start, length - 32, hash ^ K0);
            for (nint at = 32; at < length - 32; at += 16)
            {
                first = Sixteen(ref start, at, first ^ K1);
            }
        }

        return Fold(first ^ K0, last ^ K1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Sixteen(ref byte start, nint at, ulong hash) => Fold(Load(ref start, at) ^ hash, Load(ref start, at + 8) ^ K0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(ref byte start, nint at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
