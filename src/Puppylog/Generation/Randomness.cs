using System.Numerics;

namespace Puppylog.Generation;

/// <summary>Random numbers that a seed repeats on every machine and version.</summary>
/// <remarks>Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators": xoshiro256**, seeded by splitmix64.</remarks>
sealed class Randomness
{
    ulong _a;
    ulong _b;
    ulong _c;
    ulong _d;

    public Randomness(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>0 up to, not including, the limit.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>From the least to the most, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True that many times in a million.</summary>
    public bool PerMillion(int times) => Below(1_000_000) < times;

    static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
