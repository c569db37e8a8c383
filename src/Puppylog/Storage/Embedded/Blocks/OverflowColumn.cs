using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// The overflow column of a block that is read: its names at once, places and values when a name is first found. A field
/// is a vector of its values only. Trusts no length.
/// </summary>
sealed class OverflowColumn
{
    readonly byte[] _chunk;
    readonly int _records;
    readonly int _values;
    readonly int _valuesAt;
    readonly ByteTable _names;
    readonly int[] _starts;
    int[]? _places;
    ByteSpan[] _spans = [];
    byte[] _text = [];
    byte[]? _kinds;

    public OverflowColumn(byte[] chunk, int records)
    {
        _chunk = chunk;
        _records = records;
        var source = new ByteReader(chunk);
        var count = source.Size(BlockFormat.MaxOverflowValues);
        var lengths = new long[count];
        PackedIntegers.Read(ref source, lengths);
        _names = ReadNames(ref source, lengths);
        for (var i = 1; i < count; i++)
        {
            if (_names[i - 1].SequenceCompareTo(_names[i]) >= 0)
            {
                throw new CorruptDataException("the names of an overflow column are not in order");
            }
        }

        PackedIntegers.Read(ref source, lengths);
        _starts = Offsets(lengths, BlockFormat.MaxOverflowValues);
        _values = _starts[count];
        _valuesAt = chunk.Length - source.Remaining;
    }

    /// <summary>Each name begins as the one before it does.</summary>
    static ByteTable ReadNames(ref ByteReader source, long[] shared)
    {
        var lengths = new long[shared.Length];
        PackedIntegers.Read(ref source, lengths);
        var ends = Section.Read(ref source);
        var from = Offsets(lengths, ends.Length);
        var longest = 0;
        for (var i = 0; i < shared.Length; i++)
        {
            if (shared[i] < 0 || shared[i] > longest)
            {
                throw new CorruptDataException("a name of an overflow column begins with more than the one before has");
            }

            longest = (int)shared[i] + (int)lengths[i];
            lengths[i] = longest;
        }

        var offsets = Offsets(lengths, BlockFormat.MaxSectionLength);
        var text = new byte[offsets[^1]];
        for (var i = 0; i < shared.Length; i++)
        {
            var name = text.AsSpan(offsets[i], (int)lengths[i]);
            text.AsSpan(i == 0 ? 0 : offsets[i - 1], (int)shared[i]).CopyTo(name);
            ends.AsSpan(from[i], name.Length - (int)shared[i]).CopyTo(name[(int)shared[i]..]);
        }

        return new(text, offsets);
    }

    public int Count => _names.Count;

    public ReadOnlySpan<byte> NameBytes(int field) => _names[field];

    /// <summary>The records that have the field, ascending.</summary>
    public ReadOnlySpan<int> Places(int field)
    {
        if (_places is null)
        {
            ReadValues();
        }

        return _places.AsSpan(_starts[field], _starts[field + 1] - _starts[field]);
    }

    public string Name(int field) => Encoding.UTF8.GetString(_names[field]);

    /// <summary>The field of that name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _names[middle].SequenceCompareTo(name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    public SparseVector Field(int field)
    {
        if (_places is null)
        {
            ReadValues();
        }

        var (start, end) = (_starts[field], _starts[field + 1]);
        return new(_records, _places![start..end], new TextVector(end - start, _text, _spans[start..end], _kinds?[start..end]), isShared: true);
    }

    void ReadValues()
    {
        var source = new ByteReader(_chunk.AsSpan(_valuesAt));
        var numbers = new long[_values];
        PackedIntegers.Read(ref source, numbers);
        var places = new int[_values];
        for (var field = 0; field < Count; field++)
        {
            var (start, end) = (_starts[field], _starts[field + 1]);
            SparseRows.ToPlaces(numbers.AsSpan(start, end - start), places.AsSpan(start, end - start), _records);
        }

        PackedIntegers.Read(ref source, numbers);
        _text = Section.Read(ref source);
        var offsets = Offsets(numbers, _text.Length);
        _spans = new ByteSpan[_values];
        for (var i = 0; i < _spans.Length; i++)
        {
            _spans[i] = new(offsets[i], offsets[i + 1] - offsets[i]);
        }

        if (source.Byte() != 0)
        {
            _kinds = Section.Read(ref source);
            if (_kinds.Length != _values)
            {
                throw new CorruptDataException("an overflow column has more or fewer kinds than values");
            }
        }

        _places = places;
    }

    /// <summary>Sums of lengths up to each of them and to their end, none above <paramref name="most"/>.</summary>
    static int[] Offsets(ReadOnlySpan<long> lengths, int most)
    {
        var offsets = new int[lengths.Length + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 0 || lengths[i] > most - offsets[i])
            {
                throw new CorruptDataException("the lengths of an overflow column go past its bytes");
            }

            offsets[i + 1] = offsets[i] + (int)lengths[i];
        }

        return offsets;
    }
}
