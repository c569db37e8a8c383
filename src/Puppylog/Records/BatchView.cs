using System.Text;
using Puppylog.Records.Columns;

namespace Puppylog.Records;

/// <summary>A batch in memory as a query sees it. The batch must not change while the view is used.</summary>
sealed class BatchView : RecordView
{
    readonly RecordBatch _batch;
    readonly Dictionary<string, ColumnVector?> _columns = new(StringComparer.Ordinal);
    readonly List<string> _names = [];
    readonly OverflowGroups _overflow = new();

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

        _overflow.Build(batch, []);
        for (var group = 0; group < _overflow.Count; group++)
        {
            var name = Encoding.UTF8.GetString(_overflow.Name(group));
            if (batch.FindColumn(name) is null)
            {
                _names.Add(name);
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

        var column = _batch.FindColumn(name);
        var group = _overflow.Find(Encoding.UTF8.GetBytes(name));
        if (column is not null && group >= 0)
        {
            return Merge(column, group);
        }

        if (column is not null)
        {
            return column.IsSparse
                ? new SparseVector(Count, column.Rows.ToArray(), Values(column.Entries.ToArray(), column.EntryKind))
                : new TextVector(Count, _batch.ByteArray, column.SpanArray(Count), column.HasKinds ? column.KindArray(Count) : null);
        }

        foreach (var derived in _batch.Shape.Derived)
        {
            if (derived.Name == name && Column(derived.Source) is { } source)
            {
                return DerivedColumn.Apply(derived, source);
            }
        }

        return group < 0 ? null : new SparseVector(Count, _overflow.Places(group).ToArray(), Values(Spans(group), entry => _overflow.Entry(group, entry).Kind));
    }

    TextVector Values(ByteSpan[] spans, Func<int, ValueKind> kindOf)
    {
        var kinds = new byte[spans.Length];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = (byte)kindOf(i);
        }

        return new(spans.Length, _batch.ByteArray, spans, kinds);
    }

    ByteSpan[] Spans(int group)
    {
        var spans = new ByteSpan[_overflow.ValueCount(group)];
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = _overflow.Entry(group, i).Value;
        }

        return spans;
    }

    /// <summary>A field that some records have in its column and others, of another source, without one.</summary>
    TextVector Merge(BatchColumn column, int group)
    {
        var spans = column.Spans(Count).ToArray();
        var kinds = column.HasKinds ? column.KindArray(Count)[..Count] : new byte[Count];
        var places = _overflow.Places(group);
        for (var i = 0; i < places.Length; i++)
        {
            ref readonly var entry = ref _overflow.Entry(group, i);
            spans[places[i]] = entry.Value;
            kinds[places[i]] = (byte)entry.Kind;
        }

        return new(Count, _batch.ByteArray, spans, kinds);
    }
}
