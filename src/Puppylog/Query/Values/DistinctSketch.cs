using System.Numerics;

namespace Puppylog.Query.Values;

/// <summary>Estimates how many different hashes it has seen, in 16 KiB, with a standard error of <see cref="StandardError"/>.</summary>
/// <remarks>
/// HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) with 2^14 registers and the 64-bit hashes of HyperLogLog++ (Heule,
/// Nunkesser, Hall 2013); the estimator is the corrected raw one of Ertl, "New cardinality estimation algorithms for
/// HyperLogLog sketches" (2017), which needs neither tables of bias nor a second method for small numbers.
/// </remarks>
sealed class DistinctSketch
{
    const int Precision = 14;

    public const int RegisterCount = 1 << Precision;

    /// <summary>Values that the rest of a hash can have: the position of its first 1, from 1 to 51.</summary>
    const int MaxRank = 64 - Precision + 1;

    /// <summary>Bytes of one, for the budget.</summary>
    public const int Size = RegisterCount + 64;

    /// <summary>1.04/√2¹⁴.</summary>
    public const double StandardError = 0.0081;

    readonly byte[] _registers = new byte[RegisterCount];

    /// <summary>What it consists of, to be kept and merged again.</summary>
    public ReadOnlySpan<byte> Registers => _registers;

    /// <summary>Which register a hash may raise, and to what. Ascending hashes have ascending registers.</summary>
    public static (int Register, byte Rank) Place(ulong hash) =>
        ((int)(hash >> (64 - Precision)), (byte)Math.Min(MaxRank, BitOperations.LeadingZeroCount(hash << Precision) + 1));

    public void Add(ulong hash)
    {
        var (register, rank) = Place(hash);
        Raise(register, rank);
    }

    /// <summary>Raises a register of <see cref="Registers"/> to what it is in another sketch.</summary>
    public void Raise(int register, byte rank) => _registers[register] = Math.Max(_registers[register], Math.Min(rank, (byte)MaxRank));

    public void Merge(DistinctSketch other) => Merge(other._registers);

    /// <summary>Forgets all that it has seen.</summary>
    public void Clear() => Array.Clear(_registers);

    /// <param name="registers"><see cref="Registers"/> of another.</param>
    public void Merge(ReadOnlySpan<byte> registers)
    {
        for (var i = 0; i < RegisterCount; i++)
        {
            _registers[i] = Math.Max(_registers[i], Math.Min(registers[i], (byte)MaxRank));
        }
    }

    public long Estimate()
    {
        Span<int> histogram = stackalloc int[MaxRank + 1];
        histogram.Clear();
        foreach (var register in _registers)
        {
            histogram[register]++;
        }

        var sum = RegisterCount * Tau(1 - (histogram[MaxRank] / (double)RegisterCount));
        for (var rank = MaxRank - 1; rank >= 1; rank--)
        {
            sum = 0.5 * (sum + histogram[rank]);
        }

        sum += RegisterCount * Sigma(histogram[0] / (double)RegisterCount);
        return (long)Math.Round(RegisterCount / (2 * Math.Log(2)) * RegisterCount / sum);
    }

    static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        var (y, sum, before) = (1.0, x, double.NaN);
        while (sum != before)
        {
            x *= x;
            before = sum;
            sum += x * y;
            y += y;
        }

        return sum;
    }

    static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        var (y, sum, before) = (1.0, 1 - x, double.NaN);
        while (sum != before)
        {
            x = Math.Sqrt(x);
            before = sum;
            y *= 0.5;
            sum -= (1 - x) * (1 - x) * y;
        }

        return sum / 3;
    }
}
