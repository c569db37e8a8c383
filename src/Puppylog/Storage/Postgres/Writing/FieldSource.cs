using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>Where a batch has the values of a column of <c>logs</c>.</summary>
sealed class FieldSource
{
    readonly RecordBatch _batch;
    readonly BatchColumn? _own;

    /// <summary>A field of an object named <c>data</c> counts where the record has none of its own; it stays in <c>data</c>, too.</summary>
    readonly BatchColumn? _inData;
    readonly DerivedField? _derived;

    public FieldSource(RecordBatch batch, LogColumn column)
    {
        _batch = batch;
        Column = column;
        _own = batch.FindColumn(column.Field);
        if (column.Type == LogColumnType.Key)
        {
            _inData = batch.FindColumn(DataLayout.DataPrefix + column.Field);
        }

        if (_own is null && batch.Shape.Derived.FirstOrDefault(derived => derived.Name == column.Field) is { } found && batch.FindColumn(found.Source) is { } source)
        {
            (_derived, _own) = (found, source);
        }
    }

    public LogColumn Column { get; }

    /// <summary>True where no record of the batch has the field.</summary>
    public bool IsAbsent => _own is null && _inData is null;

    public ByteSpan Value(int row)
    {
        var span = _own is null ? ByteSpan.Absent : _own.Span(row);
        if (_derived is not null && !span.IsAbsent)
        {
            return span with { Length = _derived.Apply(_batch.Value(span)).Length };
        }

        return span.IsAbsent && _inData is not null ? _inData.Span(row) : span;
    }

    /// <summary>True where the value is in <c>data</c> anyway.</summary>
    public bool IsInData(int row) => _own is null || _own.Span(row).IsAbsent;
}
