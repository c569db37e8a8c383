using System.Buffers;
using Puppylog.Query.Values;

namespace Puppylog.Metrics;

/// <summary>In which periods the rows of a block lie.</summary>
sealed class BlockPeriods : IDisposable
{
    readonly LongTable _table = new();
    int[]? _codes;

    /// <param name="times">Of all rows, nanoseconds.</param>
    /// <param name="length">Of a period, nanoseconds.</param>
    public BlockPeriods(ReadOnlySpan<long> times, long length)
    {
        Rows = times.Length;
        var (start, end, code) = (0L, 0L, 0);
        for (var row = 0; row < times.Length; row++)
        {
            var time = times[row];
            if (row == 0 || time < start || time >= end)
            {
                var period = time >= 0 ? time / length : ((time + 1) / length) - 1;
                start = period * length;
                end = start + length;
                code = _table.GetOrAdd(period);
                Runs.Add((row, code));
            }
        }
    }

    public int Rows { get; }

    public int Count => _table.Count;

    /// <summary>Neighbouring rows of one period: where they begin, and its code.</summary>
    public List<(int Row, int Code)> Runs { get; } = [];

    /// <summary>The period's number since 1970.</summary>
    public long this[int code] => _table[code];

    /// <summary>The code of each row. Longer than there are rows.</summary>
    public int[] Codes()
    {
        if (_codes is null)
        {
            _codes = ArrayPool<int>.Shared.Rent(Rows);
            for (var i = 0; i < Runs.Count; i++)
            {
                _codes.AsSpan(Runs[i].Row..(i + 1 < Runs.Count ? Runs[i + 1].Row : Rows)).Fill(Runs[i].Code);
            }
        }

        return _codes;
    }

    public void Dispose()
    {
        if (_codes is not null)
        {
            ArrayPool<int>.Shared.Return(_codes);
        }
    }
}
