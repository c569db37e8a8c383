using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Different values by their hashes: exact up to <see cref="MaxExact"/>, then an estimate (<see cref="DistinctSketch"/>).</summary>
sealed class DistinctMeasure
{
    public const int MaxExact = 1024;

    HashSet<ulong>? _hashes = [];
    DistinctSketch? _sketch;

    public static DistinctMeasure None { get; } = new();

    public long Count => _sketch?.Estimate() ?? _hashes!.Count;

    public void Add(ulong hash)
    {
        if (_sketch is not null)
        {
            _sketch.Add(hash);
        }
        else if (_hashes!.Add(hash) && _hashes.Count > MaxExact)
        {
            BecomeSketch();
        }
    }

    public void Write(ByteWriter writer)
    {
        if (_sketch is not null)
        {
            writer.Varint(0);
            writer.Bytes(_sketch.Registers);
            return;
        }

        writer.Varint((ulong)_hashes!.Count + 1);
        foreach (var hash in _hashes)
        {
            writer.UInt64(hash);
        }
    }

    public void Merge(ref ByteReader reader)
    {
        var count = reader.Size(MaxExact + 1);
        if (count == 0)
        {
            BecomeSketch();
            _sketch!.Merge(reader.Bytes(_sketch.Registers.Length));
            return;
        }

        for (; count > 1; count--)
        {
            Add(reader.UInt64());
        }
    }

    void BecomeSketch()
    {
        if (_sketch is not null)
        {
            return;
        }

        _sketch = new();
        foreach (var hash in _hashes!)
        {
            _sketch.Add(hash);
        }

        _hashes = null;
    }
}
