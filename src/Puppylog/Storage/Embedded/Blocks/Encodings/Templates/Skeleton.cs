using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>A value's separators in their order.</summary>
struct Skeleton
{
    Separators _separators;

    /// <summary>Tokens of the value, one more than its separators.</summary>
    public int Tokens { get; private set; }

    public void Set(int index, byte separator) => _separators[index] = separator;

    public void End(int tokens) => Tokens = tokens;

    public readonly byte Separator(int index) => _separators[index];

    public readonly bool Is(in Skeleton other) => Tokens == other.Tokens && Used.SequenceEqual(other.Used);

    public readonly ulong Hash()
    {
        var hash = (ulong)Tokens;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(All)[..((Tokens + 6) / 8)])
        {
            hash = (hash ^ eight) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 29;
        }

        return hash * 0xD6E8_FEB8_6659_FD93;
    }

    [UnscopedRef]
    readonly ReadOnlySpan<byte> All => _separators;

    [UnscopedRef]
    readonly ReadOnlySpan<byte> Used => All[..(Tokens - 1)];

    /// <summary>Room for <see cref="SeparatorSet.MaxSeparators"/>, in whole eights; what is not used is 0.</summary>
    [InlineArray(SeparatorSet.MaxTokens)]
    struct Separators
    {
        byte _first;
    }
}
