using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>When the rows of a block were stored, looked up when two rows of one time are compared. One thread at a time.</summary>
sealed class RowArrivals(RecordBlock block)
{
    IReadOnlyList<ArrivedRows>? _parts;
    int _part;
    int _start;

    public long Of(int row)
    {
        _parts ??= block.ReadArrivals();
        if (_parts.Count == 0)
        {
            return block.Arrival;
        }

        if (row < _start)
        {
            (_part, _start) = (0, 0);
        }

        while (row >= _start + _parts[_part].Count && _part < _parts.Count - 1)
        {
            _start += _parts[_part++].Count;
        }

        return _parts[_part].Arrival;
    }
}
