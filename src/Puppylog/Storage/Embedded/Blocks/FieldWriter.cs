using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Writes the fields: as columns those that many records have, by their values alone those that few have, and what is beyond
/// the columns of a block into one overflow column. See <see cref="BlockEncoder"/>.
/// </summary>
sealed class FieldWriter(BlockChunks chunks, ColumnWriter columns)
{
    static readonly int[] Identity = [.. Enumerable.Range(0, RecordBatch.MaxRecords)];

    readonly GatheredField _gathered = new();
    readonly BatchColumn _values = new("");
    readonly FieldSelection _selection = new();
    readonly List<FieldSelection.Field> _all = [];
    readonly OverflowEncoder _overflow = new();

    public RowPlaces Places { get; } = new();

    /// <summary>The values without a column; built where the batch has so many fields that it matters.</summary>
    public OverflowGroups Groups { get; } = new();

    /// <summary>Finds out which records and values are to be written.</summary>
    public void Bind(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        Places.Bind(batch, rows);
        if (FieldSelection.IsNeeded(batch))
        {
            Groups.Build(batch, Places.Places);
        }
    }

    /// <summary>The filter of the names in the overflow column.</summary>
    public void WriteNames() => _overflow.WriteNames(chunks.Bytes);

    /// <summary>The fields that get a column. Known from <see cref="Select"/> on.</summary>
    public IReadOnlyList<FieldSelection.Field> Columns { get; private set; } = [];

    /// <summary>The fields of the overflow column, in its order.</summary>
    public IReadOnlyList<FieldSelection.Field> Rest => _overflow.Fields;

    public ReadOnlySpan<byte> RestName(int field) => _overflow.Name(field);

    /// <summary>Decides which fields get a column.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="templates">The templates that lines of the block follow.</param>
    public void Select(RecordBatch batch, IEnumerable<LineTemplate> templates)
    {
        _overflow.Clear();
        if (!FieldSelection.IsNeeded(batch))
        {
            _all.Clear();
            foreach (var column in batch.Columns)
            {
                if (column.IsUsed)
                {
                    _all.Add(new(column, -1, 0));
                }
            }

            Columns = _all;
            return;
        }

        _selection.Select(batch, Groups, Places, templates);
        Columns = _selection.Columns;
        foreach (var field in _selection.Rest)
        {
            _overflow.AddName(field, Groups);
        }

        _overflow.EndNames();
    }

    /// <summary>Writes what was selected.</summary>
    public void Write(RecordBatch batch, ReadOnlySpan<int> rows, bool timeIsDerived)
    {
        foreach (var field in Columns)
        {
            WriteField(batch, rows, field, timeIsDerived);
        }

        WriteOverflow(batch);
    }

    void WriteField(RecordBatch batch, ReadOnlySpan<int> rows, in FieldSelection.Field field, bool timeIsDerived)
    {
        if (!timeIsDerived && field.Column?.Name == FieldNames.LineZone)
        {
            return;
        }

        if (field is { Column: { IsSparse: false } column, Group: < 0 })
        {
            columns.Write(column.Name, new()
            {
                Bytes = batch.Bytes,
                Spans = column.Spans(batch.Count),
                Rows = rows,
                Kinds = column.HasKinds ? column : null,
            });
            return;
        }

        _gathered.Gather(field.Column, Groups, field.Group, Places);
        if (_gathered.Count > 0)
        {
            WriteGathered(field.Column?.Name ?? Encoding.UTF8.GetString(Groups.Name(field.Group)), batch, rows.Length);
        }
    }

    /// <summary>A field that few records have as its values only, with their places in front.</summary>
    void WriteGathered(string name, RecordBatch batch, int records)
    {
        var places = _gathered.Places;
        var isSparse = places.Length * 4L < records;
        _values.Clear();
        for (var i = 0; i < places.Length; i++)
        {
            _values.Set(isSparse ? i : places[i], _gathered.Spans[i], (ValueKind)_gathered.Kinds[i]);
        }

        if (isSparse)
        {
            chunks.BeginSparse(places);
        }

        var count = isSparse ? places.Length : records;
        columns.Write(name, new()
        {
            Bytes = batch.Bytes,
            Spans = _values.Spans(count),
            Rows = count <= Identity.Length ? Identity.AsSpan(0, count) : Enumerable.Range(0, count).ToArray(),
            Kinds = _values.HasKinds ? _values : null,
        });
        chunks.EndSparse();
    }

    void WriteOverflow(RecordBatch batch)
    {
        foreach (var field in Rest)
        {
            _gathered.Gather(field.Column, Groups, field.Group, Places);
            _overflow.AddValues(batch, _gathered, chunks.Words);
        }

        if (!_overflow.IsEmpty)
        {
            var start = chunks.Bytes.Length;
            _overflow.Write(chunks.Bytes, chunks.Scratch, BlockEncoder.TextQuality);
            chunks.Add(FieldNames.Overflow, ColumnEncoding.Overflow, start, null);
        }
    }
}
