using Puppylog.Query.Filters;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>Rows that an operator keeps, with the fields that the rest of the chain reads: column-wise, in one buffer.</summary>
sealed class RowStore(NeededFields needed, QueryMemory memory)
{
    const int MaxBytes = 1 << 30;

    /// <summary>What a field takes beside its values, about.</summary>
    const int ColumnBytes = 300;

    readonly Dictionary<string, RowColumn> _byName = new(StringComparer.Ordinal);
    readonly List<RowColumn> _columns = [];
    readonly List<(RowColumn Target, ColumnVector Source)> _bound = [];
    readonly List<string> _sparseNames = [];
    readonly List<ColumnVector> _sparse = [];
    SparseIndex? _index;
    byte[] _bytes = new byte[256];
    int _length;
    bool _holdsRecords;
    long _charged;

    public int Count { get; private set; }

    /// <summary>The view that rows are added from next; decodes the columns that are kept.</summary>
    public void Bind(RecordView view)
    {
        Unbind();
        _holdsRecords |= needed.All && ShapedView.HoldsRecords(view);
        if (needed.All)
        {
            foreach (var name in ShapedView.OutputFieldsOf(view))
            {
                BindColumn(name, view.Column(name));
            }
        }

        foreach (var name in needed.Names)
        {
            if (_bound.TrueForAll(bound => bound.Target.Name != name) && !_sparseNames.Contains(name))
            {
                BindColumn(name, FieldResolver.Resolve(view, name));
            }
        }

        EndTimesThatAreNotBound();
    }

    public void Add(int row)
    {
        var at = Count++;
        foreach (var (target, source) in _bound)
        {
            if (target.Times is not null)
            {
                Charge(target.SetTime(at, ((TimestampVector)source).Nanoseconds[row]));
            }
            else if (source.IsPresent(row))
            {
                Charge(target.Set(at, Append(source.Value(row))));
            }
        }

        if (_sparse.Count > 0)
        {
            AddSparse(row, at);
        }
    }

    void AddSparse(int row, int at)
    {
        _index ??= SparseIndex.Of(_sparse[0].Count, _sparse);
        foreach (var field in _index.Fields(row))
        {
            Charge(ColumnOf(_sparseNames[field], isTime: false).Set(at, Append(_sparse[field].Value(row))));
        }
    }

    /// <summary>A new store of some of the rows, in that order; this one gives back its share of the budget.</summary>
    public RowStore Keep(ReadOnlySpan<int> rows)
    {
        var kept = new RowStore(needed, memory);
        kept.AddAll(this, rows);
        Release();
        return kept;
    }

    public void AddAll(RowStore other, ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        var view = other.ToView();
        _holdsRecords |= other._holdsRecords;
        Unbind();
        foreach (var column in other._columns)
        {
            BindColumn(column.Name, view.Column(column.Name));
        }

        EndTimesThatAreNotBound();
        foreach (var row in rows)
        {
            Add(row);
        }
    }

    public void Release()
    {
        memory.Release(_charged);
        _charged = 0;
    }

    public ResultView ToView()
    {
        var view = new ResultView(Count, _holdsRecords);
        foreach (var column in _columns)
        {
            view.Add(column.Name, column.ToVector(Count, _bytes));
        }

        return view;
    }

    void EndTimesThatAreNotBound()
    {
        foreach (var column in _columns)
        {
            if (column.Times is not null && !_bound.Exists(bound => ReferenceEquals(bound.Target, column)))
            {
                column.BecomeText(Count, Append);
            }
        }
    }

    void BindColumn(string name, ColumnVector? source)
    {
        if (source is null)
        {
            return;
        }

        if (source is SparseVector)
        {
            _sparseNames.Add(name);
            _sparse.Add(source);
            return;
        }

        var column = ColumnOf(name, source is TimestampVector && Count == 0);
        if (column.Times is not null && source is not TimestampVector)
        {
            column.BecomeText(Count, Append);
        }

        _bound.Add((column, source));
    }

    RowColumn ColumnOf(string name, bool isTime)
    {
        if (!_byName.TryGetValue(name, out var column))
        {
            column = new RowColumn(name, isTime);
            _byName.Add(name, column);
            _columns.Add(column);
            Charge(ColumnBytes);
        }

        return column;
    }

    void Unbind()
    {
        _bound.Clear();
        _sparseNames.Clear();
        _sparse.Clear();
        _index = null;
    }

    ByteSpan Append(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxBytes - _length)
        {
            throw new QueryMemoryException(memory.Budget);
        }

        if (_length + value.Length > _bytes.Length)
        {
            var size = Math.Max(_length + value.Length, _bytes.Length * 2);
            Charge(size - _bytes.Length);
            Array.Resize(ref _bytes, size);
        }

        value.CopyTo(_bytes.AsSpan(_length));
        var span = new ByteSpan(_length, value.Length);
        _length += value.Length;
        return span;
    }

    void Charge(long bytes)
    {
        if (bytes != 0)
        {
            _charged += bytes;
            memory.Charge(bytes);
        }
    }
}
