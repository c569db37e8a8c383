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

    static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    /// <param name="bytes">Where the value lies.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">Its bytes; they lie within <paramref name="bytes"/>.</param>
    /// <param name="kind">What else makes it differ.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Compute(ReadOnlySpan<byte> bytes, int offset, int length, byte kind)
    {
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), (nint)offset);
        var seed = (((ulong)length << 8 | kind) * K0) ^ Seed;
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

    /// <summary>A multiply-and-fold hash over 16 bytes a step, in the manner of wyhash.</summary>
    static ulong Long(ref byte start, int length, ulong hash)
    {
        if (length < 16)
        {
            return Fold(Load(ref start, 0) ^ K1 ^ hash, Load(ref start, length - 8) ^ K0);
        }

        nint at = 0;
        for (; at <= length - 32; at += 32)
        {
            // Two products that do not wait for each other.
            hash = Fold(Load(ref start, at) ^ K1 ^ hash, Load(ref start, at + 8) ^ K0)
                ^ Fold(Load(ref start, at + 16) ^ K0 ^ hash, Load(ref start, at + 24) ^ K1);
        }

        if (at <= length - 16)
        {
            hash = Fold(Load(ref start, at) ^ K1 ^ hash, Load(ref start, at + 8) ^ K0);
        }

        // The last 16 bytes, which may overlap what was read.
        return Fold(Load(ref start, length - 16) ^ K0 ^ hash, Load(ref start, length - 8) ^ K1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(ref byte start, nint at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
