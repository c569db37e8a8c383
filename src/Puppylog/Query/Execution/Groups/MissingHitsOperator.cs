using System.Buffers;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Scan;
using Puppylog.Query.Filters.Values;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>Counts the rows of some groups in the blocks in which they were too rare to be counted before.</summary>
/// <param name="first">What was counted.</param>
/// <param name="field">The group's field.</param>
/// <param name="sought">The groups' values.</param>
sealed class MissingHitsOperator(FrequentOperator first, string field, byte[][] sought) : GatheringOperator
{
    readonly ValueFilter[] _filters = Array.ConvertAll(sought, value => (ValueFilter)new ExactBytesFilter(field, value));
    readonly long[] _hits = new long[sought.Length];

    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        if (FieldResolver.Resolve(view, field) is not DictionaryVector dictionary || dictionary.DistinctCount < FrequentValues.MinValues)
        {
            return true;
        }

        var rented = ArrayPool<int>.Shared.Rent(dictionary.DistinctCount);
        var counts = rented.AsSpan(0, dictionary.DistinctCount);
        CodeCounts.Of(dictionary, rows, counts);
        var least = FrequentValues.Least(dictionary, counts);
        for (var i = 0; i < sought.Length && least > 1; i++)
        {
            if (Count(dictionary, _filters[i], counts) is var count && count < least)
            {
                _hits[i] += count;
            }
        }

        ArrayPool<int>.Shared.Return(rented);
        return true;
    }

    public override void Merge(GatheringOperator other)
    {
        for (var i = 0; i < _hits.Length; i++)
        {
            _hits[i] += ((MissingHitsOperator)other)._hits[i];
        }
    }

    public override void Finish()
    {
        for (var i = 0; i < _hits.Length; i++)
        {
            if (_hits[i] > 0)
            {
                first.Hits.Add(sought[i], _hits[i]);
            }
        }

        first.Finish();
    }

    static int Count(DictionaryVector dictionary, ValueFilter filter, ReadOnlySpan<int> counts)
    {
        if (dictionary.HasValues)
        {
            var code = CodeOf(dictionary.Values, filter.Needle);
            return code < 0 ? 0 : counts[code];
        }

        if (dictionary.Distinct is Ipv4Vector { Present: null } addresses)
        {
            var its = AddressText.TryParse(filter.Needle, out var address) ? addresses.Addresses.AsSpan(0, addresses.Count).IndexOf(address) : -1;
            return its < 0 ? 0 : counts[dictionary.CodeOf(its)];
        }

        var found = RowBitmap.All(dictionary.Distinct!.Count);
        ColumnScan.Apply(filter, dictionary.Distinct, found);
        return found.Next(0) is >= 0 and var place ? counts[dictionary.CodeOf(place)] : 0;
    }

    static int CodeOf(ByteTable values, ReadOnlySpan<byte> value)
    {
        var offsets = values.Offsets;
        for (var code = 0; code < values.Count; code++)
        {
            if (offsets[code + 1] - offsets[code] == value.Length && values[code].SequenceEqual(value))
            {
                return code;
            }
        }

        return -1;
    }
}
