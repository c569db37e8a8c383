using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>What measures read of a block's columns, each worked out once.</summary>
sealed class BlockValues(RecordView view) : IDisposable
{
    readonly Dictionary<string, NumberValues> _numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, ValueCodes> _buckets = new(StringComparer.Ordinal);
    readonly Dictionary<string, ValueCodes> _hashes = new(StringComparer.Ordinal);

    public ColumnVector? Column(string name) => PropertyNames.Resolve(view, name);

    public NumberValues Numbers(string property)
    {
        if (!_numbers.TryGetValue(property, out var numbers))
        {
            _numbers[property] = numbers = new(Column(property), view.Count);
        }

        return numbers;
    }

    /// <summary>The buckets of a quantile's sketch.</summary>
    public ValueCodes Buckets(string property)
    {
        if (!_buckets.TryGetValue(property, out var buckets))
        {
            _buckets[property] = buckets = ValueCodes.Buckets(Numbers(property));
        }

        return buckets;
    }

    /// <summary>What distinct values are told apart by.</summary>
    public ValueCodes Hashes(string property)
    {
        if (!_hashes.TryGetValue(property, out var hashes))
        {
            _hashes[property] = hashes = ValueCodes.Hashes(Column(property), view.Count);
        }

        return hashes;
    }

    public void Dispose()
    {
        foreach (var numbers in _numbers.Values)
        {
            numbers.Dispose();
        }

        foreach (var codes in _buckets.Values.Concat(_hashes.Values))
        {
            codes.Dispose();
        }
    }
}
