using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>
/// Makes a block's word filter without knowing how many words will come: the words go into a filter that is large enough
/// for all of them, which is then folded in halves (two neighbours become one, bit by bit) as far as its distinct words
/// allow. Hashes are gathered first, so that the filter of a usual block fits into the processor's near cache; words that
/// come again and again are passed over. Kept by an encoder from block to block.
/// </summary>
/// <param name="bitsPerWord">Folding stops above so many bits a word.</param>
sealed class WordFilterBuilder(double bitsPerWord)
{
    const int MaxBlocks = 1 << 14;

    /// <summary>Between this and its double, at most 1 of 100 absent words looks present, mostly 1 of 1,000.</summary>
    const double BitsPerWord = 13;

    /// <summary>Hashes that are gathered before they go into the largest filter.</summary>
    const int MaxGathered = 1 << 16;

    const int RecentWords = 1 << 10;

    readonly ulong[] _recent = new ulong[RecentWords];
    ulong[] _gathered = new ulong[1 << 10];
    uint[] _bits = [];
    int _count;

    /// <summary>Blocks of the filter; 0 while all hashes are gathered.</summary>
    int _blocks;

    public WordFilterBuilder()
        : this(BitsPerWord)
    {
    }

    public void Clear()
    {
        _count = 0;
        _blocks = 0;
        Array.Clear(_recent);
        // A hash of 0 would be at home there.
        _recent[0] = 1;
    }

    public void Add(ulong hash)
    {
        ref var recent = ref _recent[(int)hash & (RecentWords - 1)];
        if (recent == hash)
        {
            return;
        }

        recent = hash;
        if (_count == _gathered.Length)
        {
            MakeRoom();
        }

        _gathered[_count++] = hash;
    }

    void MakeRoom()
    {
        if (_gathered.Length < MaxGathered)
        {
            Array.Resize(ref _gathered, _gathered.Length * 4);
            return;
        }

        Begin(MaxBlocks);
        Pour();
    }

    /// <summary>Makes an empty filter where there is none yet.</summary>
    void Begin(int blocks)
    {
        if (_blocks > 0)
        {
            return;
        }

        _blocks = blocks;
        if (_bits.Length < blocks * 8)
        {
            _bits = new uint[blocks * 8];
        }
        else
        {
            Array.Clear(_bits, 0, blocks * 8);
        }
    }

    /// <summary>Puts what was gathered into the filter.</summary>
    void Pour()
    {
        foreach (var hash in _gathered.AsSpan(0, _count))
        {
            Set(hash);
        }

        _count = 0;
    }

    void Set(ulong hash)
    {
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
        if (_count == 0 && _blocks == 0)
        {
            return;
        }

        Begin((int)Math.Min(MaxBlocks, BitOperations.RoundUpToPowerOf2((uint)(_count * bitsPerWord / 256) + 1)));
        Pour();
        var words = EstimateWords();
        while (_blocks > 1 && _blocks / 2 * 256 >= words * bitsPerWord)
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
