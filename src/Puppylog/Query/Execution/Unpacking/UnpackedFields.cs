using Puppylog.Records;

namespace Puppylog.Query.Execution.Unpacking;

/// <summary>The fields that were unpacked from one view's rows: a column each, their values in one buffer.</summary>
/// <param name="memory">Charged while they grow; <see cref="Settle"/> hands that to whoever holds them.</param>
sealed class UnpackedFields(QueryMemory memory)
{
    const int MaxBytes = 1 << 30;

    /// <summary>What a field takes beside its values, about.</summary>
    const int ColumnBytes = 300;

    /// <summary>So many rows, or new fields, are charged together.</summary>
    const int Step = 256;

    readonly Dictionary<string, BatchColumn> _byName = new(StringComparer.Ordinal);
    readonly HashSet<string> _withEmpty = new(StringComparer.Ordinal);
    byte[] _bytes = new byte[256];
    int _length;
    long _charged;
    int _rowsSince;
    int _columnsThen;

    /// <summary>In the order in which they came up.</summary>
    public List<BatchColumn> Columns { get; } = [];

    public byte[] Bytes => _bytes;

    public long HeldBytes { get; private set; }

    public BatchColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>True where some value of the field is empty: it takes the place of the row's own, or leaves it.</summary>
    public bool HasEmpty(string name) => _withEmpty.Contains(name);

    public BatchColumn Column(string name)
    {
        if (!_byName.TryGetValue(name, out var column))
        {
            column = new(name);
            _byName.Add(name, column);
            Columns.Add(column);
            if (Columns.Count - _columnsThen >= Step)
            {
                Charge();
            }
        }

        return column;
    }

    public void Set(BatchColumn column, int row, ReadOnlySpan<byte> value, ValueKind kind)
    {
        if (value.Length > MaxBytes - _length)
        {
            throw new QueryMemoryException(memory.Budget);
        }

        if (_length + value.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + value.Length, _bytes.Length * 2));
        }

        value.CopyTo(_bytes.AsSpan(_length));
        column.Set(row, new(_length, value.Length), kind);
        _length += value.Length;
        if (value.IsEmpty)
        {
            _withEmpty.Add(column.Name);
        }
    }

    public void EndRow()
    {
        if (++_rowsSince >= Step)
        {
            Charge();
        }
    }

    /// <summary>No more rows come: what was charged is given back, and is in <see cref="HeldBytes"/>.</summary>
    public void Settle()
    {
        HeldBytes = Room();
        GiveUp();
    }

    /// <summary>They are let go of.</summary>
    public void GiveUp()
    {
        memory.Release(_charged);
        _charged = 0;
    }

    void Charge()
    {
        (_rowsSince, _columnsThen) = (0, Columns.Count);
        var more = Room() - _charged;
        _charged += more;
        memory.Charge(more);
    }

    long Room()
    {
        long room = _bytes.Length + ((long)ColumnBytes * Columns.Count);
        foreach (var column in Columns)
        {
            room += column.Room;
        }

        return room;
    }
}
