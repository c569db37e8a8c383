using System.Text;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Which fields of a block get a column of their own and which share the overflow column: well-known fields and what lines
/// are made of first, then those that most records have. Decided when a block is made, so that it does not matter which
/// names came first. Kept and reused.
/// </summary>
sealed class FieldSelection
{
    /// <summary>Issue 3: up to 1,000 distinct fields a block.</summary>
    public const int MaxColumns = 1000;

    /// <summary>So many fields get a column however few records have them, as in any usual log.</summary>
    const int UsualColumns = 64;

    /// <summary>
    /// Fewer values than these cost less in the overflow column: a column takes about 40 bytes in the directory and in front
    /// of its values (bench/results/2026-11-22-schemafree.md).
    /// </summary>
    const int MinValues = 16;

    readonly List<Field> _columns = [];
    readonly List<Field> _rest = [];
    readonly List<Field> _candidates = [];
    readonly HashSet<string> _pinned = new(StringComparer.Ordinal);

    /// <summary>The fields that get a column.</summary>
    public IReadOnlyList<Field> Columns => _columns;

    /// <summary>The others.</summary>
    public IReadOnlyList<Field> Rest => _rest;

    public static bool IsNeeded(RecordBatch batch) => batch.Overflow.Length > 0 || batch.Columns.Count > UsualColumns;

    /// <param name="batch">The batch.</param>
    /// <param name="groups">Its values without a column.</param>
    /// <param name="rows">The rows of the block.</param>
    /// <param name="templates">The templates that lines of the block follow.</param>
    public void Select(RecordBatch batch, OverflowGroups groups, RowPlaces rows, IEnumerable<LineTemplate> templates)
    {
        _columns.Clear();
        _rest.Clear();
        _candidates.Clear();
        Pin(batch.Shape, templates);
        AddColumns(batch, groups, rows);
        AddGroups(groups);
        Choose(MaxColumns - _columns.Count);
    }

    void Choose(int room)
    {
        var counts = _candidates.ConvertAll(field => field.Values);
        counts.Sort();
        var least = MinValues;
        var frequent = counts.Count - FirstAtLeast(counts, least);
        if (frequent < UsualColumns)
        {
            (least, frequent) = (1, counts.Count);
            room = Math.Min(room, UsualColumns);
        }

        // Of those that just still get a column, the ones that came first.
        var ties = int.MaxValue;
        if (frequent > room)
        {
            least = room > 0 ? counts[^room] : int.MaxValue;
            ties = room - (counts.Count - FirstAtLeast(counts, least + 1L));
        }

        foreach (var field in _candidates)
        {
            (field.Values > least || (field.Values == least && ties-- > 0) ? _columns : _rest).Add(field);
        }
    }

    void Pin(RecordShape shape, IEnumerable<LineTemplate> templates)
    {
        _pinned.Clear();
        foreach (var template in templates)
        {
            foreach (var part in template.Parts)
            {
                if (part.Kind != TemplatePartKind.Literal)
                {
                    _pinned.Add(part.Text);
                }
            }
        }

        foreach (var derived in shape.Derived)
        {
            _pinned.Add(derived.Source);
        }
    }

    void AddColumns(RecordBatch batch, OverflowGroups groups, RowPlaces rows)
    {
        Span<byte> utf8 = stackalloc byte[1024];
        foreach (var column in batch.Columns)
        {
            if (!column.IsUsed)
            {
                continue;
            }

            var name = utf8.Length >= column.Name.Length * 3 ? utf8[..Encoding.UTF8.GetBytes(column.Name, utf8)] : Encoding.UTF8.GetBytes(column.Name);
            var group = groups.Find(name);
            var isPinned = FieldNames.IsWellKnown(column.Name) || FieldNames.IsHidden(column.Name) || _pinned.Contains(column.Name);
            var values = isPinned ? 0 : CountValues(column, rows) + (group < 0 ? 0 : groups.ValueCount(group));
            if (isPinned || values > 0)
            {
                (isPinned ? _columns : _candidates).Add(new(column, group, values));
            }
        }
    }

    void AddGroups(OverflowGroups groups)
    {
        var claimed = new HashSet<int>(_columns.Concat(_candidates).Select(field => field.Group));
        for (var group = 0; group < groups.Count; group++)
        {
            if (groups.ValueCount(group) > 0 && !claimed.Contains(group))
            {
                _candidates.Add(new(null, group, groups.ValueCount(group)));
            }
        }
    }

    static int CountValues(BatchColumn column, RowPlaces rows)
    {
        if (rows.Places.IsEmpty)
        {
            return column.CountValues();
        }

        var count = 0;
        if (column.IsSparse)
        {
            foreach (var row in column.Rows)
            {
                count += rows.PlaceOf(row) >= 0 ? 1 : 0;
            }

            return count;
        }

        for (var place = 0; place < rows.Count; place++)
        {
            count += column.Span(rows.RowAt(place)).IsAbsent ? 0 : 1;
        }

        return count;
    }

    /// <summary>Where in an ascending list the numbers begin that are not below the given one.</summary>
    static int FirstAtLeast(List<int> sorted, long least)
    {
        var at = sorted.FindIndex(value => value >= least);
        return at < 0 ? sorted.Count : at;
    }

    /// <summary>A field of a block: its column in the batch, or its group among the values without one, or both.</summary>
    public readonly record struct Field(BatchColumn? Column, int Group, int Values);
}
