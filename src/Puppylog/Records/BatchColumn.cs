using System.Diagnostics.CodeAnalysis;

namespace Puppylog.Records;

/// <summary>
/// One field of a batch: a span per record where many records have it, else only the spans that there are with their rows,
/// so that a field costs by its values and not by the records of the batch.
/// </summary>
sealed class BatchColumn(string name)
{
    const int FirstRoom = 16;

    /// <summary>Up to so many records without the field for one with it, a span per record is kept.</summary>
    const int MostAbsent = 4;

    ByteSpan[] _spans = [];
    byte[]? _kinds;

    /// <summary>Those of an earlier use.</summary>
    byte[]? _keptKinds;
    int[]? _rows;
    int _filled;

    /// <summary>The entry that was found last; only a guess.</summary>
    int _lastEntry;

    /// <summary>Changed by <see cref="RecordBatch.Rename"/> only.</summary>
    public string Name { get; set; } = name;

    /// <summary>True where at least one record has the field.</summary>
    public bool IsUsed => _filled > 0;

    /// <summary>True where only the records are kept that have the field: <see cref="Rows"/>, <see cref="Entries"/>.</summary>
    [MemberNotNullWhen(true, nameof(_rows))]
    public bool IsSparse => _rows is not null;

    /// <summary>The records that have the field, ascending. Sparse columns only.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _filled);

    /// <summary>The values of <see cref="Rows"/>.</summary>
    public ReadOnlySpan<ByteSpan> Entries => _spans.AsSpan(0, _filled);

    /// <summary>The kind of an entry. Sparse columns only.</summary>
    public ValueKind EntryKind(int entry) => _kinds is null || entry >= _kinds.Length ? ValueKind.Text : (ValueKind)_kinds[entry];

    /// <summary>Records that have the field; counted anew where each has a span.</summary>
    public int CountValues()
    {
        if (IsSparse)
        {
            return _filled;
        }

        var count = 0;
        foreach (var span in _spans.AsSpan(0, _filled))
        {
            count += span.IsAbsent ? 0 : 1;
        }

        return count;
    }

    /// <summary>Bytes of memory that the column holds on to.</summary>
    public long Room => (_spans.Length * 8L) + (_kinds?.Length ?? 0) + (_keptKinds?.Length ?? 0) + ((_rows?.Length ?? 0) * 4L);

    public void Set(int row, ByteSpan span)
    {
        // As it mostly is: the next record, and room for it.
        if (row == _filled && _rows is null && (uint)row < (uint)_spans.Length)
        {
            _spans[row] = span;
            _filled = row + 1;
            return;
        }

        Place(row, span);
    }

    public void Set(int row, ByteSpan span, ValueKind kind)
    {
        if (row == _filled && _rows is null && (uint)row < (uint)_spans.Length && (_kinds is null ? kind == ValueKind.Text : row < _kinds.Length))
        {
            _spans[row] = span;
            _filled = row + 1;
            if (_kinds is not null)
            {
                _kinds[row] = (byte)kind;
            }

            return;
        }

        var at = Place(row, span);
        if (kind != ValueKind.Text || _kinds is not null)
        {
            if (_kinds is null || at >= _kinds.Length)
            {
                MakeKinds();
            }

            _kinds[at] = (byte)kind;
        }
    }

    [MemberNotNull(nameof(_kinds))]
    void MakeKinds()
    {
        if (_kinds is null && _keptKinds?.Length >= _spans.Length)
        {
            (_kinds, _keptKinds) = (_keptKinds, null);
            Array.Clear(_kinds);
            return;
        }

        Array.Resize(ref _kinds, _spans.Length);
    }

    /// <summary>Gives the records from <paramref name="first"/> up to, not including, <paramref name="end"/> one value.</summary>
    public void Fill(int first, int end, ByteSpan span)
    {
        if (end <= first)
        {
            return;
        }

        BecomeDense(end);
        Grow(end - 1);
        if (first > _filled)
        {
            _spans.AsSpan(_filled, first - _filled).Fill(ByteSpan.Absent);
        }

        _spans.AsSpan(first, end - first).Fill(span);
        _filled = Math.Max(_filled, end);
    }

    public ByteSpan Span(int row) =>
        !IsSparse ? (row < _filled ? _spans[row] : ByteSpan.Absent)
        : Entry(row) is >= 0 and var entry ? _spans[entry]
        : ByteSpan.Absent;

    /// <summary>The entry of a record, or a negative number: mostly that which was asked for last or the one behind it, as records are asked for in their order.</summary>
    int Entry(int row)
    {
        var rows = Rows;
        var last = _lastEntry;
        if ((uint)last < (uint)rows.Length && rows[last] <= row)
        {
            if (rows[last] == row)
            {
                return last;
            }

            var next = last + 1;
            if (next == rows.Length || rows[next] > row)
            {
                return -1;
            }

            if (rows[next] == row)
            {
                return _lastEntry = next;
            }
        }

        var entry = rows.BinarySearch(row);
        _lastEntry = entry < 0 ? Math.Max(0, ~entry - 1) : entry;
        return entry;
    }

    public ValueKind Kind(int row)
    {
        var at = IsSparse ? Entry(row) : row;
        return at < 0 ? ValueKind.Text : EntryKind(at);
    }

    public bool HasKinds => _kinds is not null;

    /// <summary>The spans of the first <paramref name="count"/> records, absent ones filled in.</summary>
    public ReadOnlySpan<ByteSpan> Spans(int count) => SpanArray(count).AsSpan(0, count);

    /// <summary>The array behind <see cref="Spans"/>, for views that outlive the call; made for the call where the column is sparse.</summary>
    public ByteSpan[] SpanArray(int count)
    {
        if (IsSparse)
        {
            return Spread(count);
        }

        if (count > _filled)
        {
            Grow(count - 1);
            _spans.AsSpan(_filled, count - _filled).Fill(ByteSpan.Absent);
            _filled = count;
        }

        return _spans;
    }

    /// <summary>The kind of each of the first <paramref name="count"/> records.</summary>
    public byte[] KindArray(int count)
    {
        if (IsSparse)
        {
            return SpreadKinds(count);
        }

        if (_kinds is null || _kinds.Length < count)
        {
            Array.Resize(ref _kinds, count);
        }

        return _kinds;
    }

    public void Clear()
    {
        _filled = 0;
        _keptKinds = _kinds ?? _keptKinds;
        _kinds = null;
    }

    /// <summary>Keeps the values of these records only, which become the first ones.</summary>
    /// <param name="rows">Ascending.</param>
    /// <param name="placeOf">What becomes of each row: its place in <paramref name="rows"/>, or -1.</param>
    public void Keep(ReadOnlySpan<int> rows, ReadOnlySpan<int> placeOf)
    {
        if (IsSparse)
        {
            KeepEntries(placeOf);
            return;
        }

        var kept = 0;
        while (kept < rows.Length && rows[kept] < _filled)
        {
            _spans[kept] = _spans[rows[kept]];
            if (_kinds is not null && kept < _kinds.Length)
            {
                _kinds[kept] = (byte)EntryKind(rows[kept]);
            }

            kept++;
        }

        _filled = kept;
        ClearIfEmpty();
    }

    /// <summary>Takes the field away from these records.</summary>
    public void Remove(RowBitmap rows)
    {
        if (IsSparse)
        {
            var kept = 0;
            for (var i = 0; i < _filled; i++)
            {
                if (!rows[_rows[i]])
                {
                    MoveEntry(i, kept, _rows[i]);
                    kept++;
                }
            }

            _filled = kept;
        }
        else
        {
            for (var row = rows.Next(0); row >= 0 && row < _filled; row = rows.Next(row + 1))
            {
                _spans[row] = ByteSpan.Absent;
            }
        }

        ClearIfEmpty();
    }

    void KeepEntries(ReadOnlySpan<int> placeOf)
    {
        var kept = 0;
        for (var i = 0; i < _filled; i++)
        {
            if (placeOf[_rows![i]] is >= 0 and var place)
            {
                MoveEntry(i, kept, place);
                kept++;
            }
        }

        _filled = kept;
        ClearIfEmpty();
    }

    void MoveEntry(int from, int to, int row)
    {
        _spans[to] = _spans[from];
        if (_kinds is not null && to < _kinds.Length)
        {
            _kinds[to] = (byte)EntryKind(from);
        }

        _rows![to] = row;
    }

    void ClearIfEmpty()
    {
        if (CountValues() == 0)
        {
            Clear();
        }
    }

    /// <summary>Puts the span where it belongs and returns that place: the row, or the entry of a sparse column.</summary>
    int Place(int row, ByteSpan span)
    {
        if (IsSparse)
        {
            return PlaceSparse(row, span);
        }

        if (row >= _spans.Length && !TryGrow(row))
        {
            return PlaceSparse(row, span);
        }

        if (row > _filled)
        {
            _spans.AsSpan(_filled, row - _filled).Fill(ByteSpan.Absent);
        }

        _spans[row] = span;
        if (row >= _filled)
        {
            _filled = row + 1;
        }

        return row;
    }

    int PlaceSparse(int row, ByteSpan span)
    {
        if (_filled > 0 && row <= _rows![_filled - 1])
        {
            if (row == _rows[_filled - 1])
            {
                _spans[_filled - 1] = span;
                return _filled - 1;
            }

            BecomeDense(_rows[_filled - 1] + 1);
            return Place(row, span);
        }

        if (_filled == _rows!.Length)
        {
            if (_filled >= FirstRoom && (row + 1) / _filled < MostAbsent / 2)
            {
                BecomeDense(row + 1);
                return Place(row, span);
            }

            var room = Math.Max(4, _filled * 2);
            Array.Resize(ref _rows, room);
            Array.Resize(ref _spans, room);
        }

        _rows[_filled] = row;
        _spans[_filled] = span;
        return _filled++;
    }

    /// <summary>Makes room for a row; false where the column has become sparse instead.</summary>
    bool TryGrow(int row)
    {
        if (row >= FirstRoom && CountValues() * (long)MostAbsent < row)
        {
            BecomeSparse();
            return false;
        }

        Grow(row);
        return true;
    }

    void Grow(int row)
    {
        if (row >= _spans.Length)
        {
            var next = _spans.Length is >= RecordBatch.MaxRecords / 8 and < RecordBatch.MaxRecords ? RecordBatch.MaxRecords : _spans.Length * 2;
            Array.Resize(ref _spans, Math.Max(row + 1, Math.Max(FirstRoom, next)));
        }
    }

    void BecomeSparse()
    {
        var count = CountValues();
        var rows = new int[Math.Max(4, count)];
        var spans = new ByteSpan[rows.Length];
        var kinds = _kinds is null ? null : new byte[rows.Length];
        var at = 0;
        for (var row = 0; row < _filled; row++)
        {
            if (!_spans[row].IsAbsent)
            {
                rows[at] = row;
                spans[at] = _spans[row];
                if (kinds is not null)
                {
                    kinds[at] = (byte)EntryKind(row);
                }

                at++;
            }
        }

        (_rows, _spans, _kinds, _filled) = (rows, spans, kinds, at);
    }

    void BecomeDense(int count)
    {
        if (IsSparse)
        {
            var filled = _filled == 0 ? 0 : _rows[_filled - 1] + 1;
            var spans = Spread(Math.Max(count, filled));
            var kinds = _kinds is null ? null : SpreadKinds(spans.Length);
            (_rows, _spans, _kinds, _filled) = (null, spans, kinds, filled);
        }
    }

    ByteSpan[] Spread(int count)
    {
        var spans = new ByteSpan[count];
        spans.AsSpan().Fill(ByteSpan.Absent);
        for (var entry = 0; entry < _filled && _rows![entry] < count; entry++)
        {
            spans[_rows[entry]] = _spans[entry];
        }

        return spans;
    }

    byte[] SpreadKinds(int count)
    {
        var kinds = new byte[count];
        for (var entry = 0; entry < _filled && _rows![entry] < count; entry++)
        {
            kinds[_rows[entry]] = (byte)EntryKind(entry);
        }

        return kinds;
    }
}
