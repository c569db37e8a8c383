namespace Puppylog.App.Tui.Tail;

/// <summary>The newest records, bounded in number and bytes. Not thread-safe.</summary>
sealed class TailBuffer(int maxRecords = TailBuffer.DefaultRecords, long maxBytes = TailBuffer.DefaultBytes)
{
    public const int DefaultRecords = 10_000;
    public const long DefaultBytes = 32L << 20;

    readonly TailRecord[] _records = new TailRecord[maxRecords];
    int _first;
    long _bytes;

    public int Count { get; private set; }

    /// <summary>From the oldest one on.</summary>
    public TailRecord this[int index] => _records[(_first + index) % _records.Length];

    public void Add(TailRecord record)
    {
        while (Count == _records.Length || (Count > 0 && _bytes + record.Size > maxBytes))
        {
            _bytes -= _records[_first].Size;
            _records[_first] = null!;
            _first = (_first + 1) % _records.Length;
            Count--;
        }

        _records[(_first + Count) % _records.Length] = record;
        _bytes += record.Size;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_records);
        (_first, _bytes, Count) = (0, 0, 0);
    }

    public TailRecord[] ToArray()
    {
        var records = new TailRecord[Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = this[i];
        }

        return records;
    }
}
