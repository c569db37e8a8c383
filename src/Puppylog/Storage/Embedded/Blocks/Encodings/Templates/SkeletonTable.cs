namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>Numbers the distinct sequences of separators of a column's values, up to a limit.</summary>
sealed class SkeletonTable
{
    public const int MaxSkeletons = 512;

    const int Slots = MaxSkeletons * 4;

    readonly ushort[] _slots = new ushort[Slots];
    readonly Skeleton[] _skeletons = new Skeleton[MaxSkeletons];
    readonly int[] _rows = new int[MaxSkeletons];

    public int Count { get; private set; }

    public int Rows(int skeleton) => _rows[skeleton];

    public int Tokens(int skeleton) => _skeletons[skeleton].Tokens;

    public byte Separator(int skeleton, int index) => _skeletons[skeleton].Separator(index);

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>The number of a skeleton, counted once more; -1 where there is no room for another.</summary>
    public int Add(in Skeleton skeleton)
    {
        var hash = skeleton.Hash();
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
                _rows[Count] = 1;
                return Count++;
            }

            if (_skeletons[known].Is(skeleton))
            {
                _rows[known]++;
                return known;
            }
        }
    }
}
