using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Writes the overflow column: the fields that have no column of their own, ordered by name, so that like values lie
/// together. First the names with how many records have each, then the places of these, then the values. Kept and reused.
/// </summary>
sealed class OverflowEncoder
{
    readonly ByteWriter _nameBytes = new();
    readonly ByteWriter _text = new();
    readonly List<(ByteSpan Name, FieldSelection.Field Field)> _unsorted = [];
    readonly List<FieldSelection.Field> _fields = [];
    readonly List<ByteSpan> _names = [];
    readonly WordFilterBuilder _nameFilter = new(NameBits);
    /// <summary>A name that looks present costs a look at the names of the block, not at its values.</summary>
    const double NameBits = 10;

    long[] _counts = [];
    long[] _steps = [];
    long[] _lengths = [];
    byte[] _kinds = [];
    int _values;
    int _written;
    bool _hasKinds;

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>The fields in the order of their names' bytes: the order for <see cref="AddValues"/>.</summary>
    public IReadOnlyList<FieldSelection.Field> Fields => _fields;

    public void Clear()
    {
        _nameBytes.Clear();
        _text.Clear();
        _unsorted.Clear();
        _fields.Clear();
        _names.Clear();
        _values = 0;
        _written = 0;
        _hasKinds = false;
    }

    public void AddName(in FieldSelection.Field field, OverflowGroups groups)
    {
        var start = _nameBytes.Length;
        if (field.Column is { } column)
        {
            var room = _nameBytes.Reserve(Encoding.UTF8.GetMaxByteCount(column.Name.Length));
            _nameBytes.Advance(Encoding.UTF8.GetBytes(column.Name, room));
        }
        else
        {
            _nameBytes.Bytes(groups.Name(field.Group));
        }

        _unsorted.Add((new(start, _nameBytes.Length - start), field));
    }

    /// <summary>Puts the fields that were added in order.</summary>
    public void EndNames()
    {
        _unsorted.Sort((a, b) => Name(a.Name).SequenceCompareTo(Name(b.Name)));
        foreach (var (name, field) in _unsorted)
        {
            _names.Add(name);
            _fields.Add(field);
        }

        Ensure(ref _counts, _fields.Count);
    }

    public void AddValues(RecordBatch batch, GatheredField field, WordFilterBuilder words)
    {
        var count = field.Count;
        _counts[_written++] = count;
        Ensure(ref _steps, _values + count);
        Ensure(ref _lengths, _values + count);
        Ensure(ref _kinds, _values + count);
        SparseRows.ToSteps(field.Places, _steps.AsSpan(_values, count));
        foreach (var span in field.Spans)
        {
            var value = batch.Value(span);
            _text.Bytes(value);
            WordSplitter.AddWords(value, words);
            _lengths[_values++] = value.Length;
        }

        field.Kinds.CopyTo(_kinds.AsSpan(_values - count));
        _hasKinds |= field.Kinds.ContainsAnyExcept((byte)0);
    }

    public void Write(ByteWriter target, EncoderScratch scratch, int textQuality)
    {
        target.Varint((ulong)_fields.Count);
        WriteNames(target, scratch, textQuality);
        PackedIntegers.Write(target, _counts.AsSpan(0, _fields.Count), scratch.Integers, mayAscend: false);

        PackedIntegers.Write(target, _steps.AsSpan(0, _values), scratch.Integers, mayAscend: false);
        PackedIntegers.Write(target, _lengths.AsSpan(0, _values), scratch.Integers, mayAscend: false);
        Section.Write(target, _text.Written, textQuality);
        target.Byte(_hasKinds ? (byte)1 : (byte)0);
        if (_hasKinds)
        {
            Section.Write(target, _kinds.AsSpan(0, _values), textQuality);
        }
    }

    /// <summary>Names in order begin as the ones before do: how many bytes of each are the same, how many others follow, and these.</summary>
    void WriteNames(ByteWriter target, EncoderScratch scratch, int textQuality)
    {
        var ends = scratch.Gathered;
        ends.Clear();
        var shared = scratch.Numbers(_fields.Count);
        var lengths = scratch.Scales(_fields.Count);
        for (var i = 0; i < shared.Length; i++)
        {
            var name = Name(i);
            var same = i == 0 ? 0 : name.CommonPrefixLength(Name(i - 1));
            shared[i] = same;
            lengths[i] = name.Length - same;
            ends.Bytes(name[same..]);
        }

        PackedIntegers.Write(target, shared, scratch.Integers, mayAscend: false);
        PackedIntegers.Write(target, lengths, scratch.Integers, mayAscend: false);
        Section.Write(target, ends.Written, textQuality);
    }

    /// <summary>Writes the filter of the names; nothing where there are none.</summary>
    public void WriteNames(ByteWriter target)
    {
        if (IsEmpty)
        {
            return;
        }

        _nameFilter.Clear();
        foreach (var name in _names)
        {
            _nameFilter.Add(WordHash.Compute(Name(name)));
        }

        _nameFilter.Write(target);
    }

    /// <summary>The name of one of the <see cref="Fields"/>.</summary>
    public ReadOnlySpan<byte> Name(int field) => Name(_names[field]);

    ReadOnlySpan<byte> Name(ByteSpan name) => _nameBytes.Written.Slice(name.Offset, name.Length);

    static void Ensure<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            Array.Resize(ref array, Math.Max(count, Math.Max(256, array.Length * 2)));
        }
    }
}
