using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Values;

namespace Puppylog.Metrics;

/// <summary>The rows of a block by period and segment, numbered.</summary>
sealed class BlockGroups
{
    /// <summary>Possible combinations up to which they are numbered by place, and not by a table.</summary>
    const int MaxDirect = 1 << 18;

    readonly int _keys;
    readonly LongTable? _table;

    public BlockGroups(BlockPeriods periods, BlockKeys? keys, int[] rows)
    {
        _keys = keys?.Count ?? 1;
        var codes = periods.Codes();
        Numbers = new int[rows.Length];
        if ((long)periods.Count * _keys <= MaxDirect)
        {
            Count = periods.Count * _keys;
            for (var i = 0; i < rows.Length; i++)
            {
                Numbers[i] = (codes[rows[i]] * _keys) + (keys is null ? 0 : keys.Numbers[rows[i]]);
            }
        }
        else
        {
            _table = new();
            for (var i = 0; i < rows.Length; i++)
            {
                Numbers[i] = _table.GetOrAdd(((long)codes[rows[i]] * _keys) + (keys is null ? 0 : keys.Numbers[rows[i]]));
            }

            Count = _table.Count;
        }

        Rows = new int[Count];
        foreach (var group in Numbers)
        {
            Rows[group]++;
        }
    }

    /// <summary>The group of each of the rows.</summary>
    public int[] Numbers { get; }

    public int Count { get; }

    /// <summary>How many rows each group has.</summary>
    public int[] Rows { get; }

    /// <summary>The codes of a group's period and key.</summary>
    public (int Period, int Key) this[int group]
    {
        get
        {
            var place = _table is null ? group : _table[group];
            return ((int)(place / _keys), (int)(place % _keys));
        }
    }

    /// <summary>The groups that have rows; where some may have to be counted together, the largest first.</summary>
    public IEnumerable<int> InOrder()
    {
        var used = Enumerable.Range(0, Count).Where(group => Rows[group] > 0);
        return _keys > MetricDefinition.MaxSegments ? used.OrderByDescending(group => Rows[group]) : used;
    }
}
