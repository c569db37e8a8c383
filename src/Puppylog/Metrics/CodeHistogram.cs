using System.Buffers;
using System.Numerics;

namespace Puppylog.Metrics;

/// <summary>How often each of many codes came; sparse: emptied in the order of the codes by looking at those only that came.</summary>
sealed class CodeHistogram : IDisposable
{
    readonly int[] _counts;

    /// <summary>A bit a code.</summary>
    readonly ulong[] _used;

    /// <summary>A bit a word of <see cref="_used"/>.</summary>
    readonly ulong[] _words;

    /// <param name="codes">Above every code.</param>
    public CodeHistogram(int codes)
    {
        _counts = ArrayPool<int>.Shared.Rent(codes);
        _used = ArrayPool<ulong>.Shared.Rent((codes + 63) >> 6);
        _words = new ulong[(codes + 4095) >> 12];
        Array.Clear(_counts);
        Array.Clear(_used);
    }

    public void Add(int code)
    {
        if (_counts[code]++ == 0)
        {
            _used[code >> 6] |= 1UL << (code & 63);
            _words[code >> 12] |= 1UL << ((code >> 6) & 63);
        }
    }

    /// <summary>Takes note of a code, however often; for <see cref="Take(Span{int})"/>.</summary>
    public void Mark(int code)
    {
        _used[code >> 6] |= 1UL << (code & 63);
        _words[code >> 12] |= 1UL << ((code >> 6) & 63);
    }

    /// <summary>Empties it into an array of the codes that were marked, ascending; gives how many there were.</summary>
    public int Take(Span<int> used)
    {
        var taken = 0;
        for (var upper = 0; upper < _words.Length; upper++)
        {
            for (var words = _words[upper]; words != 0; words &= words - 1)
            {
                var word = (upper << 6) + BitOperations.TrailingZeroCount(words);
                for (var bits = _used[word]; bits != 0; bits &= bits - 1)
                {
                    used[taken++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
                }

                _used[word] = 0;
            }

            _words[upper] = 0;
        }

        return taken;
    }

    /// <summary>Empties it into arrays of codes, ascending, and how often each came; gives how many there were.</summary>
    public int Take(Span<int> used, Span<int> counts)
    {
        var taken = 0;
        for (var upper = 0; upper < _words.Length; upper++)
        {
            for (var words = _words[upper]; words != 0; words &= words - 1)
            {
                var word = (upper << 6) + BitOperations.TrailingZeroCount(words);
                for (var bits = _used[word]; bits != 0; bits &= bits - 1)
                {
                    var code = (word << 6) + BitOperations.TrailingZeroCount(bits);
                    (used[taken], counts[taken++]) = (code, _counts[code]);
                    _counts[code] = 0;
                }

                _used[word] = 0;
            }

            _words[upper] = 0;
        }

        return taken;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_counts);
        ArrayPool<ulong>.Shared.Return(_used);
    }
}
