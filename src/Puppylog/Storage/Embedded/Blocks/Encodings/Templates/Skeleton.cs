using System.Runtime.CompilerServices;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// A value's separators in their order, eight to a number: gathered without going through memory, where reading 32 bytes at
/// once would wait for each that was just written.
/// </summary>
struct Skeleton
{
    ulong _first;
    ulong _second;
    ulong _third;
    ulong _fourth;

    /// <summary>Tokens of the value, one more than its separators.</summary>
    public int Tokens { get; private set; }

    /// <summary>Takes up eight separators, the first of them lowest; fewer at the end.</summary>
    /// <param name="index">How many times it was called before.</param>
    /// <param name="eight">The separators.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int index, ulong eight)
    {
        switch (index)
        {
            case 0:
                _first = eight;
                break;
            case 1:
                _second = eight;
                break;
            case 2:
                _third = eight;
                break;
            default:
                _fourth = eight;
                break;
        }
    }

    public void End(int tokens) => Tokens = tokens;

    public readonly byte Separator(int index) => (byte)((index >> 3) switch
    {
        0 => _first,
        1 => _second,
        2 => _third,
        _ => _fourth,
    } >> (8 * (index & 7)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Is(in Skeleton other) =>
        _first == other._first && Tokens == other.Tokens && _second == other._second && _third == other._third && _fourth == other._fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Hash()
    {
        var hash = (_first * 0x9E37_79B9_7F4A_7C15) ^ (_second * 0xD6E8_FEB8_6659_FD93) ^ (_third * 0xA076_1D64_78BD_642F)
            ^ (_fourth * 0xE703_7ED1_A0B4_28DB) ^ (uint)Tokens;
        hash ^= hash >> 32;
        return hash * 0x9E37_79B9_7F4A_7C15;
    }
}
