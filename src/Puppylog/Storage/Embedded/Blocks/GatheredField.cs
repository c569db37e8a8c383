using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>The values of one field of a block, one behind the other, and the places of the records that have them. Kept and reused.</summary>
sealed class GatheredField
{
    int[] _places = new int[64];
    ByteSpan[] _spans = new ByteSpan[64];
    byte[] _kinds = new byte[64];
    long[] _keys = [];

    public int Count { get; private set; }

    /// <summary>Places of records in the block, ascending.</summary>
    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    public ReadOnlySpan<ByteSpan> Spans => _spans.AsSpan(0, Count);

    public ReadOnlySpan<byte> Kinds => _kinds.AsSpan(0, Count);

    /// <param name="column">The field's column; null where it has none.</param>
    /// <param name="groups">The values without a column.</param>
    /// <param name="group">The field among them, or -1.</param>
    /// <param name="rows">The rows of the block.</param>
    public void Gather(BatchColumn? column, OverflowGroups groups, int group, RowPlaces rows)
    {
        Count = 0;
        if (column is { IsSparse: true })
        {
            for (var entry = 0; entry < column.Rows.Length; entry++)
            {
                if (rows.PlaceOf(column.Rows[entry]) is >= 0 and var place)
                {
                    Add(place, column.Entries[entry], (byte)column.EntryKind(entry));
                }
            }
        }
        else if (column is not null)
        {
            for (var place = 0; place < rows.Count; place++)
            {
                var row = rows.RowAt(place);
                var span = column.Span(row);
                if (!span.IsAbsent)
                {
                    Add(place, span, (byte)column.Kind(row));
                }
            }
        }

        if (group >= 0)
        {
            var places = groups.Places(group);
            for (var i = 0; i < places.Length; i++)
            {
                ref readonly var entry = ref groups.Entry(group, i);
                Add(places[i], entry.Value, (byte)entry.Kind);
            }
        }

        Sort();
    }

    void Add(int place, ByteSpan span, byte kind)
    {
        if (Count == _places.Length)
        {
            Array.Resize(ref _places, Count * 2);
            Array.Resize(ref _spans, Count * 2);
            Array.Resize(ref _kinds, Count * 2);
        }

        _places[Count] = place;
        _spans[Count] = span;
        _kinds[Count++] = kind;
    }

    /// <summary>Brings the places in order; of two values of a record the later one stays.</summary>
    void Sort()
    {
        var places = Places;
        var at = 1;
        while (at < places.Length && places[at - 1] < places[at])
        {
            at++;
        }

        if (at >= places.Length)
        {
            return;
        }

        if (_keys.Length < Count)
        {
            _keys = new long[_places.Length];
        }

        var keys = _keys.AsSpan(0, Count);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)_places[i] << 32) | (uint)i;
        }

        keys.Sort();
        var spans = Spans.ToArray();
        var kinds = Kinds.ToArray();
        Count = 0;
        foreach (var key in keys)
        {
            var place = (int)(key >> 32);
            Count -= Count > 0 && _places[Count - 1] == place ? 1 : 0;
            Add(place, spans[(int)key], kinds[(int)key]);
        }
    }
}
