using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Puppylog.Query.Values;

/// <summary>A hash of bytes, seeded per process so that nobody can prepare colliding log lines. But for <see cref="Stable"/> never stored.</summary>
/// <remarks>Folded 64×64→128-bit multiplication over 16 bytes a step, after Wang Yi's wyhash.</remarks>
static class ByteHash
{
    const ulong Prime0 = 0xa0761d6478bd642f;
    const ulong Prime1 = 0xe7037ed1a0b428db;

    static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    static readonly ulong SecondSeed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public static ulong Of(ReadOnlySpan<byte> bytes) => Fold(bytes, Seed);

    /// <summary>The same in every process, for what is stored: only where colliding values do no harm but to a number that they could falsify anyway.</summary>
    public static ulong Stable(ReadOnlySpan<byte> bytes) => Fold(bytes, Prime1);

    public static ulong Of(uint number) => Mix(number ^ Seed, Mix(number ^ SecondSeed, Prime1) ^ Prime0);

    /// <summary>128 bits: two values share one with a probability of 2⁻⁶⁵·n² for n distinct values.</summary>
    public static UInt128 Wide(ReadOnlySpan<byte> bytes) => new(Fold(bytes, Seed), Fold(bytes, SecondSeed));

    public static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    static ulong Fold(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed ^ Prime0;
        var length = (ulong)bytes.Length;
        while (bytes.Length > 16)
        {
            hash = Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Prime1, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ hash);
            bytes = bytes[16..];
        }

        ulong a, b;
        if (bytes.Length >= 8)
        {
            a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]);
        }
        else if (bytes.Length >= 4)
        {
            a = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        }
        else
        {
            a = bytes.IsEmpty ? 0UL : (ulong)((bytes[0] << 16) | (bytes[bytes.Length >> 1] << 8) | bytes[^1]);
            b = 0;
        }

        return Mix(Prime1 ^ length, Mix(a ^ Prime1, b ^ hash));
    }
}
