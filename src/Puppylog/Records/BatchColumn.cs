namespace Puppylog.Records;

/// <summary>One field of a batch: a span per record. Records that were not set have no such field.</summary>
sealed class BatchColumn(string name)
{
    ByteSpan[] _spans = [];
    byte[]? _kinds;
    int _filled;

    public string Name { get; } = name;

    /// <summary>True where at least one record has the field.</summary>
    public bool IsUsed => _filled > 0;

    public void Set(int row, ByteSpan span)
    {
        if (row >= _spans.Length)
        {
            Grow(row);
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
    }

    public void Set(int row, ByteSpan span, ValueKind kind)
    {
        Set(row, span);
        if (kind != ValueKind.Text || _kinds is not null)
        {
            if (_kinds is null || row >= _kinds.Length)
            {
                Array.Resize(ref _kinds, _spans.Length);
            }

            _kinds[row] = (byte)kind;
        }
    }

    /// <summary>Gives the records from <paramref name="first"/> up to, not including, <paramref name="end"/> one value.</summary>
    public void Fill(int first, int end, ByteSpan span)
    {
        if (end <= first)
        {
            return;
        }

        Set(end - 1, span);
        _spans.AsSpan(first, end - first).Fill(span);
    }

    public ByteSpan Span(int row) => row < _filled ? _spans[row] : ByteSpan.Absent;

    public ValueKind Kind(int row) => _kinds is null || row >= _kinds.Length ? ValueKind.Text : (ValueKind)_kinds[row];

    public bool HasKinds => _kinds is not null;

    /// <summary>The spans of the first <paramref name="count"/> records, absent ones filled in.</summary>
    public ReadOnlySpan<ByteSpan> Spans(int count)
    {
        Complete(count);
        return _spans.AsSpan(0, count);
    }

    /// <summary>The array behind <see cref="Spans"/>, for views that outlive the call.</summary>
    public ByteSpan[] SpanArray(int count)
    {
        Complete(count);
        return _spans;
    }

    /// <summary>The kind of each of the first <paramref name="count"/> records.</summary>
    public byte[] KindArray(int count)
    {
        if (_kinds is null || _kinds.Length < count)
        {
            Array.Resize(ref _kinds, count);
        }

        return _kinds;
    }

    public void Clear()
    {
        _filled = 0;
        _kinds = null;
    }

    void Complete(int count)
    {
        if (count > _filled)
        {
            if (count > _spans.Length)
            {
                Grow(count - 1);
            }

            _spans.AsSpan(_filled, count - _filled).Fill(ByteSpan.Absent);
            _filled = count;
        }
    }

    void Grow(int row)
    {
        var next = _spans.Length is >= RecordBatch.MaxRecords / 8 and < RecordBatch.MaxRecords ? RecordBatch.MaxRecords : _spans.Length * 2;
        Array.Resize(ref _spans, Math.Max(row + 1, Math.Max(1024, next)));
    }
}
