using System.Buffers.Binary;
using Puppylog.Records;

namespace Puppylog.Sources;

/// <summary>
/// By what a content is known again: hashes of its first bytes, of those just before the position, and of the inode's time
/// of birth. A position keeps them in <see cref="SourcePosition.Fingerprint"/> (32, 16 and 16 bits), and
/// <see cref="Marked"/> in its <see cref="SourcePosition.FingerprintLength"/>, with 13 bits more of the second: contents that
/// begin alike are told apart by it alone. Positions with <see cref="Marked"/> only lack these bits; those without a mark
/// have one hash of the birth and the first bytes.
/// </summary>
static class Fingerprint
{
    /// <summary>Bytes of the beginning that are hashed at most.</summary>
    public const int HeadLength = 1024;

    /// <summary>Bytes before the position that are hashed at most.</summary>
    public const int TailLength = 256;

    const int Marked = 1 << 16;

    /// <summary>13 bits of the tail's hash follow <see cref="Marked"/>.</summary>
    const int HasLongTail = 1 << 30;

    const int LongTailShift = 17;
    const int LongTailMask = (1 << 13) - 1;

    /// <param name="head">The first bytes, up to <see cref="HeadLength"/>.</param>
    /// <param name="tail">The <see cref="TailLength"/> bytes before the position, or all where it is less; empty: unknown.</param>
    /// <param name="born">The inode's time of birth; 0: unknown.</param>
    public static (int Length, ulong Value) Of(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long born) =>
        (head.Length | Marked | HasLongTail | (MoreOfTail(tail) << LongTailShift), ((ulong)(uint)Fold(Hash(head)) << 32) | ((ulong)TailHash(tail) << 16) | BornHash(born));

    /// <summary>How many of the first bytes a position's fingerprint covers.</summary>
    public static int HeadLengthOf(SourcePosition position) => Math.Clamp(position.FingerprintLength & (Marked - 1), 0, HeadLength);

    /// <param name="head">As many of a file's first bytes as <see cref="HeadLengthOf"/> says.</param>
    /// <param name="born">When the file's inode was made.</param>
    public static bool HasHead(SourcePosition position, ReadOnlySpan<byte> head, long born)
    {
        if ((position.FingerprintLength & Marked) != 0)
        {
            return (uint)(position.Fingerprint >> 32) == (uint)Fold(Hash(head));
        }

        Span<byte> salt = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(salt, born);
        return position.Fingerprint == Hash(head, Hash(salt));
    }

    /// <param name="tail">The bytes before the position.</param>
    public static bool HasTail(SourcePosition position, ReadOnlySpan<byte> tail) =>
        (position.FingerprintLength & Marked) == 0 || (ushort)(position.Fingerprint >> 16) is var hash && (hash == 0 || (hash == TailHash(tail) && HasMoreOfTail(position, tail)));

    /// <summary>False where the inode was made at another time than the one that the position is of.</summary>
    public static bool WasBorn(SourcePosition position, long born) =>
        (position.FingerprintLength & Marked) == 0 || (ushort)position.Fingerprint is var hash && (hash == 0 || born == 0 || hash == BornHash(born));

    /// <summary>A position's fingerprint, of its beginning alone.</summary>
    public static ulong WithoutTail(SourcePosition position) =>
        (position.FingerprintLength & Marked) != 0 ? position.Fingerprint & ~0xffff0000UL : position.Fingerprint;

    static ushort TailHash(ReadOnlySpan<byte> tail) => tail.IsEmpty ? (ushort)0 : Short(Hash(tail));

    static bool HasMoreOfTail(SourcePosition position, ReadOnlySpan<byte> tail) =>
        (position.FingerprintLength & HasLongTail) == 0 || ((position.FingerprintLength >> LongTailShift) & LongTailMask) == MoreOfTail(tail);

    /// <summary>Bits that say more than those that <see cref="TailHash"/> has folded together.</summary>
    static int MoreOfTail(ReadOnlySpan<byte> tail) => tail.IsEmpty ? 0 : (int)(Fold(Hash(tail)) & LongTailMask);

    static ushort BornHash(long born) => born == 0 ? (ushort)0 : Short((ulong)born * 0x9e3779b97f4a7c15);

    /// <summary>16 bits that are not 0.</summary>
    static ushort Short(ulong hash) => (ushort)Math.Max(1, (Fold(hash) >> 16) ^ (Fold(hash) & 0xffff));

    static ulong Fold(ulong hash) => (hash ^ (hash >> 32)) & 0xffffffff;

    /// <remarks>FNV-1a, 64 bits: draft-eastlake-fnv.</remarks>
    static ulong Hash(ReadOnlySpan<byte> bytes, ulong hash = 0xcbf29ce484222325)
    {
        const ulong Prime = 0x100000001b3;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * Prime;
        }

        return hash;
    }
}
