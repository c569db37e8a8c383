using System.Text;
using Puppylog.Records;

namespace Puppylog.Processing;

/// <summary>
/// A batch on its way through a chain: which records are still in it, and why the others are not. Rows keep their numbers
/// until <see cref="Compact"/>.
/// </summary>
sealed class ProcessedBatch
{
    const string RemovedPrefix = FieldNames.HiddenPrefix + "removed.";

    readonly byte[] _reasons;
    readonly long[] _dropped = new long[5];
    BatchView? _view;

    public ProcessedBatch(RecordBatch batch)
    {
        Batch = batch;
        Rows = RowBitmap.All(batch.Count);
        _reasons = new byte[batch.Count];
    }

    public RecordBatch Batch { get; }

    /// <summary>The records that were not dropped.</summary>
    public RowBitmap Rows { get; }

    /// <summary>Fields that were taken away because a record had too many.</summary>
    public long CappedFields { get; set; }

    /// <summary>Values that lost their end.</summary>
    public long CutValues { get; set; }

    /// <summary>The batch as a query sees it; valid until the next change.</summary>
    public BatchView View => _view ??= new BatchView(Batch);

    /// <summary>Records that were dropped for that reason.</summary>
    public long Dropped(DropReason reason) => _dropped[(int)reason];

    /// <summary>Records that were dropped.</summary>
    public long AllDropped => _dropped.Sum();

    /// <summary>Records that there were before <see cref="Compact"/>.</summary>
    public int Before => _reasons.Length;

    /// <summary>Why the record was dropped, by its number before <see cref="Compact"/>.</summary>
    public DropReason Reason(int row) => (DropReason)_reasons[row];

    /// <summary>Says that fields have changed.</summary>
    public void Touch() => _view = null;

    public void Drop(int row, DropReason reason)
    {
        Rows[row] = false;
        _reasons[row] = (byte)reason;
        _dropped[(int)reason]++;
    }

    /// <summary>Takes the dropped records out.</summary>
    public void Compact()
    {
        if (_dropped.AsSpan().IndexOfAnyExcept(0) >= 0)
        {
            Batch.Keep(Rows.ToRows());
            Touch();
        }
    }

    /// <summary>The column that holds all values of a field: those that are derived or without a column are moved into it.</summary>
    public BatchColumn Gather(string name)
    {
        foreach (var derived in Batch.Shape.Derived)
        {
            if (derived.Name == name)
            {
                Materialise(derived);
                break;
            }
        }

        var utf8 = Encoding.UTF8.GetBytes(name);
        if (HasOverflow(utf8))
        {
            var column = Batch.Column(name);
            Batch.RewriteOverflow(entry =>
            {
                if (!Batch.Value(entry.Name).SequenceEqual(utf8))
                {
                    return entry;
                }

                column.Set(entry.Row, entry.Value, entry.Kind);
                return null;
            });
        }

        Touch();
        return Batch.Column(name);
    }

    /// <summary>Stores the fields that are computed from this one, which is about to change.</summary>
    public void MaterialiseFrom(string source)
    {
        foreach (var derived in Batch.Shape.Derived)
        {
            if (derived.Source == source)
            {
                Materialise(derived);
            }
        }
    }

    /// <summary>Takes a field away from all records; what lines need of it to be derived stays, hidden.</summary>
    public void Hide(BatchColumn column)
    {
        MaterialiseFrom(column.Name);
        if (IsInTemplate(column.Name) && Batch.FindColumn(RemovedPrefix + column.Name) is null)
        {
            RenameInTemplates(column.Name, RemovedPrefix + column.Name);
            Batch.Rename(column, RemovedPrefix + column.Name);
        }
        else
        {
            column.Clear();
        }

        Touch();
    }

    /// <summary>Lets the templates of lines name a field otherwise. (What a line then does not follow is kept as it is.)</summary>
    public void RenameInTemplates(string from, string to) =>
        Batch.Reshape(ShapeNames.Renamed(Batch.Shape, from, to), template => ShapeNames.Renamed(template, from, to));

    bool IsInTemplate(string name)
    {
        foreach (var template in Batch.LineTemplates)
        {
            foreach (var part in template.Parts)
            {
                if (part.Kind != TemplatePartKind.Literal && part.Text == name)
                {
                    return true;
                }
            }
        }

        return false;
    }

    bool HasOverflow(ReadOnlySpan<byte> name)
    {
        foreach (ref readonly var entry in Batch.Overflow)
        {
            if (Batch.Value(entry.Name).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    void Materialise(DerivedField derived)
    {
        var shape = Batch.Shape;
        Batch.Reshape(ShapeNames.Without(shape, derived), template => template);
        var source = Gather(derived.Source);
        // A value under the field's own name goes before the computed one.
        var target = Batch.FindColumn(derived.Name) is null ? Batch.Column(derived.Name) : null;
        for (var row = 0; target is not null && row < Batch.Count; row++)
        {
            if (source.Span(row) is { IsAbsent: false } span)
            {
                target.Set(row, span with { Length = derived.Apply(Batch.Value(span)).Length });
            }
        }
    }
}
