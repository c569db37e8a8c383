using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>The values of a batch that have no column, by record.</summary>
sealed class OverflowByRow
{
    int[] _entries = [];
    int[] _rows = [];
    int _count;

    public void Build(RecordBatch batch)
    {
        var overflow = batch.Overflow;
        _count = overflow.Length;
        if (_entries.Length < _count)
        {
            _entries = new int[_count];
            _rows = new int[_count];
        }

        var isAscending = true;
        for (var i = 0; i < _count; i++)
        {
            _entries[i] = i;
            _rows[i] = overflow[i].Row;
            isAscending &= i == 0 || _rows[i - 1] <= _rows[i];
        }

        if (!isAscending)
        {
            // Of one record in the order in which they came: the last value of a field counts.
            var keys = new long[_count];
            for (var i = 0; i < _count; i++)
            {
                keys[i] = ((long)_rows[i] << 32) | (uint)i;
            }

            keys.AsSpan().Sort();
            for (var i = 0; i < _count; i++)
            {
                (_rows[i], _entries[i]) = ((int)(keys[i] >> 32), (int)keys[i]);
            }
        }
    }

    /// <summary>Where a record's values are.</summary>
    /// <param name="row">The record; asked for in ascending order.</param>
    /// <param name="at">How far it was asked for, 0 at first.</param>
    public ReadOnlySpan<int> Of(int row, ref int at)
    {
        while (at < _count && _rows[at] < row)
        {
            at++;
        }

        var from = at;
        while (at < _count && _rows[at] == row)
        {
            at++;
        }

        return _entries.AsSpan(from, at - from);
    }
}
