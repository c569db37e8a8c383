using System.Numerics;

namespace Puppylog.Records;

/// <summary>A set of rows of one block or batch, a bit a row. Bits past <see cref="Count"/> are always clear.</summary>
sealed class RowBitmap(int count)
{
    readonly ulong[] _words = new ulong[(count + 63) >> 6];

    public int Count { get; } = count;

    public Span<ulong> Words => _words;

    public bool this[int row]
    {
        get => (_words[row >> 6] >> (row & 63) & 1) != 0;
        set
        {
            if (value)
            {
                _words[row >> 6] |= 1UL << (row & 63);
            }
            else
            {
                _words[row >> 6] &= ~(1UL << (row & 63));
            }
        }
    }

    public static RowBitmap All(int count)
    {
        var bitmap = new RowBitmap(count);
        bitmap.SetAll();
        return bitmap;
    }

    public void SetAll()
    {
        Array.Fill(_words, ulong.MaxValue);
        TrimTail();
    }

    public void Clear() => Array.Clear(_words);

    public bool IsEmpty() => _words.AsSpan().IndexOfAnyExcept(0UL) < 0;

    public int CountSet()
    {
        var sum = 0;
        foreach (var word in _words)
        {
            sum += BitOperations.PopCount(word);
        }

        return sum;
    }

    public void And(RowBitmap other)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= other._words[i];
        }
    }

    public void Or(RowBitmap other)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    public void AndNot(RowBitmap other)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= ~other._words[i];
        }
    }

    public void CopyFrom(RowBitmap other) => other._words.CopyTo(_words, 0);

    public RowBitmap Clone()
    {
        var copy = new RowBitmap(Count);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>The first set row at or after <paramref name="row"/>, or -1.</summary>
    public int Next(int row)
    {
        if (row >= Count)
        {
            return -1;
        }

        var index = row >> 6;
        var word = _words[index] & (ulong.MaxValue << (row & 63));
        while (word == 0)
        {
            if (++index == _words.Length)
            {
                return -1;
            }

            word = _words[index];
        }

        return (index << 6) + BitOperations.TrailingZeroCount(word);
    }

    /// <summary>The set rows in ascending order.</summary>
    public int[] ToRows()
    {
        var rows = new int[CountSet()];
        if (rows.Length == Count)
        {
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] = row;
            }

            return rows;
        }

        var at = 0;
        for (var row = Next(0); row >= 0; row = Next(row + 1))
        {
            rows[at++] = row;
        }

        return rows;
    }

    void TrimTail()
    {
        if ((Count & 63) != 0)
        {
            _words[^1] &= (1UL << (Count & 63)) - 1;
        }
    }
}
