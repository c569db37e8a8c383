namespace Puppylog.Generation;

/// <summary>Picks an index with a given weight in constant time.</summary>
/// <remarks>M. D. Vose, "A Linear Algorithm for Generating Random Numbers with a Given Distribution" (1991), in integers.</remarks>
sealed class WeightedChoice
{
    const ulong One = 1UL << 32;

    readonly uint[] _thresholds;
    readonly int[] _aliases;

    public WeightedChoice(ReadOnlySpan<uint> weights)
    {
        var count = weights.Length;
        ulong total = 0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        _thresholds = new uint[count];
        _aliases = new int[count];
        var shares = new ulong[count];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < count; i++)
        {
            shares[i] = (ulong)((UInt128)weights[i] * One * (ulong)count / total);
            _aliases[i] = i;
            _thresholds[i] = uint.MaxValue;
            (shares[i] < One ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var less = small.Pop();
            var more = large.Peek();
            _thresholds[less] = (uint)Math.Min(shares[less], uint.MaxValue);
            _aliases[less] = more;
            shares[more] -= One - shares[less];
            if (shares[more] < One)
            {
                small.Push(large.Pop());
            }
        }
    }

    /// <summary>The law of Zipf: the n-th of <paramref name="count"/> has 1/n of the first one's weight.</summary>
    public static WeightedChoice Zipf(int count)
    {
        var weights = new uint[count];
        for (var i = 0; i < count; i++)
        {
            weights[i] = 1_000_000_000u / (uint)(i + 1);
        }

        return new(weights);
    }

    public int Pick(Randomness random)
    {
        var draw = random.Next();
        var index = (int)(((draw >> 32) * (ulong)_thresholds.Length) >> 32);
        return (uint)draw <= _thresholds[index] ? index : _aliases[index];
    }
}
