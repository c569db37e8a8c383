using Puppylog.Records.Columns;

namespace Puppylog.Records;

/// <summary>A batch in memory as a query sees it. The batch must not change while the view is used.</summary>
sealed class BatchView : RecordView
{
    readonly RecordBatch _batch;
    readonly Dictionary<string, ColumnVector?> _columns = new(StringComparer.Ordinal);
    readonly List<string> _names = [];

    public BatchView(RecordBatch batch)
    {
        _batch = batch;
        MinTime = long.MaxValue;
        MaxTime = long.MinValue;
        foreach (var time in batch.Times)
        {
            MinTime = Math.Min(MinTime, time);
            MaxTime = Math.Max(MaxTime, time);
        }

        Times = new TimestampVector(batch.Count, batch.TimeArray);
        _names.Add(Records.FieldNames.Message);
        foreach (var column in batch.Columns)
        {
            if (column.IsUsed && !Records.FieldNames.IsHidden(column.Name))
            {
                _names.Add(column.Name);
            }
        }

        foreach (var derived in batch.Shape.Derived)
        {
            if (batch.FindColumn(derived.Source) is not null)
            {
                _names.Add(derived.Name);
            }
        }
    }

    public override int Count => _batch.Count;

    public override long MinTime { get; }

    public override long MaxTime { get; }

    public override IReadOnlyList<string> FieldNames => _names;

    public override TimestampVector Times { get; }

    public override ColumnVector? Column(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            column = Make(name);
            _columns.Add(name, column);
        }

        return column;
    }

    ColumnVector? Make(string name)
    {
        switch (name)
        {
            case Records.FieldNames.Time:
                return Times;
            case Records.FieldNames.Message:
                return new TextVector(Count, _batch.ByteArray, _batch.MessageArray);
            case Records.FieldNames.Raw:
                return new TextVector(Count, _batch.ByteArray, _batch.LineArray);
        }

        if (_batch.FindColumn(name) is { } column)
        {
            return new TextVector(Count, _batch.ByteArray, column.SpanArray(Count), column.HasKinds ? column.KindArray(Count) : null);
        }

        foreach (var derived in _batch.Shape.Derived)
        {
            if (derived.Name == name && Column(derived.Source) is { } source)
            {
                return DerivedColumn.Apply(derived, source);
            }
        }

        return null;
    }
}
