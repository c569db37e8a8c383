using System.Collections.Immutable;
using Puppylog.Query.Execution.Scan;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Rows;

/// <summary>The sort keys of the rows that a <see cref="SortOperator"/> keeps, and their order.</summary>
sealed class SortedKeys(ImmutableArray<SortField> fields, bool reversesPlaces, QueryMemory memory)
{
    Entry[] _entries = [];
    RowPlace[] _places = [];
    byte[] _bytes = [];
    int _length;
    int _count;
    long _charged;

    public void Add(SortColumn[] columns, int row, RowPlace place)
    {
        Reserve();
        for (var i = 0; i < fields.Length; i++)
        {
            var key = columns[i].Key(row);
            _entries[(_count * fields.Length) + i] = new(key, key.IsText ? Append(columns[i].Text(row)) : ByteSpan.Absent);
        }

        _places[_count++] = place;
    }

    public void AddAll(SortedKeys other, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            Reserve();
            for (var i = 0; i < fields.Length; i++)
            {
                var entry = other._entries[(row * fields.Length) + i];
                _entries[(_count * fields.Length) + i] = entry with { Text = entry.Text.IsAbsent ? entry.Text : Append(other.Text(entry)) };
            }

            _places[_count++] = other._places[row];
        }
    }

    public int Compare(int a, int b)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var first = ref _entries[(a * fields.Length) + i];
            ref readonly var second = ref _entries[(b * fields.Length) + i];
            var order = first.Key.CompareTo(second.Key);
            order = order == 0 && first.Key.IsText ? NaturalOrder.CompareTexts(Text(first), Text(second)) : order;
            if (order != 0)
            {
                return fields[i].Descending ? -order : order;
            }
        }

        return reversesPlaces ? _places[b].CompareTo(_places[a]) : _places[a].CompareTo(_places[b]);
    }

    /// <summary>The order of a row that is not kept (yet) and one that is.</summary>
    public int CompareCandidate(SortColumn[] columns, int row, RowPlace place, int kept)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var entry = ref _entries[(kept * fields.Length) + i];
            var key = columns[i].Key(row);
            var order = key.CompareTo(entry.Key);
            order = order == 0 && key.IsText ? NaturalOrder.CompareTexts(columns[i].Text(row), Text(entry)) : order;
            if (order != 0)
            {
                return fields[i].Descending ? -order : order;
            }
        }

        return reversesPlaces ? _places[kept].CompareTo(place) : place.CompareTo(_places[kept]);
    }

    public void Release()
    {
        memory.Release(_charged);
        _charged = 0;
    }

    ReadOnlySpan<byte> Text(in Entry entry) => _bytes.AsSpan(entry.Text.Offset, entry.Text.Length);

    ByteSpan Append(ReadOnlySpan<byte> text)
    {
        if (_length + text.Length > _bytes.Length)
        {
            var size = checked(Math.Max(_length + text.Length, Math.Max(256, _bytes.Length * 2)));
            Charge(size - _bytes.Length);
            Array.Resize(ref _bytes, size);
        }

        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
        return new(_length - text.Length, text.Length);
    }

    void Reserve()
    {
        if (_count == _places.Length)
        {
            var size = Math.Max(64, _count * 2);
            Charge((size - _count) * (24L + (fields.Length * 40L)));
            Array.Resize(ref _places, size);
            Array.Resize(ref _entries, size * fields.Length);
        }
    }

    void Charge(long bytes)
    {
        _charged += bytes;
        memory.Charge(bytes);
    }

    readonly record struct Entry(SortKey Key, ByteSpan Text);
}
