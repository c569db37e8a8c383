using System.Runtime.Intrinsics;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>Numbers the distinct sequences of separators of a column's values, up to a limit.</summary>
sealed class SkeletonTable
{
    public const int MaxSkeletons = 512;

    const int Slots = MaxSkeletons * 4;

    readonly ushort[] _slots = new ushort[Slots];
    readonly Vector256<byte>[] _skeletons = new Vector256<byte>[MaxSkeletons];
    readonly int[] _tokens = new int[MaxSkeletons];
    readonly int[] _rows = new int[MaxSkeletons];

    public int Count { get; private set; }

    public int Rows(int skeleton) => _rows[skeleton];

    public int Tokens(int skeleton) => _tokens[skeleton];

    public byte Separator(int skeleton, int index) => _skeletons[skeleton][index];

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>The number of a skeleton, counted once more; -1 where there is no room for another.</summary>
    /// <param name="separators">32 bytes: the separators, zeros behind them.</param>
    /// <param name="tokens">Tokens of the value, one more than its separators.</param>
    public int Add(ReadOnlySpan<byte> separators, int tokens)
    {
        var skeleton = Vector256.Create(separators);
        var words = skeleton.AsUInt64();
        var hash = (words[0] * 0x9E37_79B9_7F4A_7C15) ^ (words[1] * 0xD6E8_FEB8_6659_FD93) ^ (words[2] * 0xA076_1D64_78BD_642F)
            ^ (words[3] * 0xE703_7ED1_A0B4_28DB) ^ (uint)tokens;
        hash ^= hash >> 32;
        hash *= 0x9E37_79B9_7F4A_7C15;
        for (var slot = (int)(hash >> 48) & (Slots - 1); ; slot = (slot + 1) & (Slots - 1))
        {
            var known = _slots[slot] - 1;
            if (known < 0)
            {
                if (Count == MaxSkeletons)
                {
                    return -1;
                }

                _slots[slot] = (ushort)(Count + 1);
                _skeletons[Count] = skeleton;
                _tokens[Count] = tokens;
                _rows[Count] = 1;
                return Count++;
            }

            if (_tokens[known] == tokens && _skeletons[known] == skeleton)
            {
                _rows[known]++;
                return known;
            }
        }
    }
}
