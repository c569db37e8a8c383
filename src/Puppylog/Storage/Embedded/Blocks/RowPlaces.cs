using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Which rows of a batch make a block, and where each of them comes to stand. Kept and reused.</summary>
sealed class RowPlaces
{
    int[] _rows = [];
    int[] _places = [];
    int _batchRows;
    bool _isWhole;

    /// <summary>Records of the block.</summary>
    public int Count { get; private set; }

    /// <summary>The place of each row of the batch, -1 for those that are not in the block; empty where the block is the batch.</summary>
    public ReadOnlySpan<int> Places => _isWhole ? [] : _places.AsSpan(0, _batchRows);

    public int RowAt(int place) => _isWhole ? place : _rows[place];

    public int PlaceOf(int row) => _isWhole ? row : _places[row];

    public void Bind(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        Count = rows.Length;
        _batchRows = batch.Count;
        _isWhole = rows.Length == batch.Count;
        for (var i = 0; i < rows.Length && _isWhole; i++)
        {
            _isWhole = rows[i] == i;
        }

        if (_isWhole)
        {
            return;
        }

        if (_rows.Length < rows.Length)
        {
            _rows = new int[rows.Length];
        }

        if (_places.Length < batch.Count)
        {
            _places = new int[batch.Count];
        }

        rows.CopyTo(_rows);
        _places.AsSpan(0, batch.Count).Fill(-1);
        for (var i = 0; i < rows.Length; i++)
        {
            _places[rows[i]] = i;
        }
    }
}
