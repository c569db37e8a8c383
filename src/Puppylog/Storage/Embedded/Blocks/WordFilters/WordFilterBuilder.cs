using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>
/// Makes a block's word filter without knowing how many words will come: the words go into a filter that is large enough
/// for any block, which is then folded in halves (two neighbours become one, bit by bit) as far as its words allow. A word
/// that comes again changes nothing, so that no list of words is needed. Kept by an encoder from block to block.
/// </summary>
sealed class WordFilterBuilder
{
    const int MaxBlocks = 1 << 14;

    /// <summary>Folding stops above so many bits a word: between this and its double, 1 to 6 of 100 absent words look present.</summary>
    const double BitsPerWord = 6.5;

    readonly uint[] _bits = new uint[MaxBlocks * 8];
    int _blocks = 1;
    bool _isEmpty = true;

    /// <param name="bytes">The most bytes of text that will be added, as far as known.</param>
    public void Clear(int bytes)
    {
        // A word and what separates it take five bytes at least; a byte of filter for each.
        _blocks = (int)Math.Min(MaxBlocks, BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, bytes / 5 / WordFilter.BlockBytes)));
        Array.Clear(_bits, 0, _blocks * 8);
        _isEmpty = true;
    }

    public void Add(ulong hash)
    {
        _isEmpty = false;
        var block = _bits.AsSpan(WordFilter.BlockOf(hash, _blocks) * 8, 8);
        if (Avx2.IsSupported)
        {
            var places = (Vector256.Create((uint)hash) * Vector256.Create(WordFilter.Salts)) >>> 27;
            ref var bits = ref MemoryMarshal.Cast<uint, Vector256<uint>>(block)[0];
            bits |= Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, places);
            return;
        }

        for (var i = 0; i < block.Length; i++)
        {
            block[i] |= 1u << (int)(((uint)hash * WordFilter.Salts[i]) >> 27);
        }
    }

    /// <summary>Folds and writes the filter; nothing where no word came.</summary>
    public void Write(ByteWriter target)
    {
        if (_isEmpty)
        {
            return;
        }

        var words = EstimateWords();
        while (_blocks > 1 && _blocks / 2 * 256 >= words * BitsPerWord)
        {
            _blocks /= 2;
            var halves = MemoryMarshal.Cast<uint, Vector256<uint>>(_bits.AsSpan(0, _blocks * 16));
            for (var i = 0; i < _blocks; i++)
            {
                halves[i] = halves[2 * i] | halves[(2 * i) + 1];
            }
        }

        foreach (var bits in _bits.AsSpan(0, _blocks * 8))
        {
            target.UInt32(bits);
        }
    }

    /// <summary>Distinct words, from the share of bits that are set (linear counting, Whang et al. 1990).</summary>
    double EstimateWords()
    {
        long set = 0;
        foreach (var bits in _bits.AsSpan(0, _blocks * 8))
        {
            set += BitOperations.PopCount(bits);
        }

        var all = _blocks * 256.0;
        return -all / 8 * Math.Log(Math.Max(1, all - set) / all);
    }
}
