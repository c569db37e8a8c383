using System.Text;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>Counts the values of every field at once; a field is let go of as soon as it has too many of them, or too long ones.</summary>
sealed class FacetsOperator(FacetsPipe pipe, PipeOperator next, QueryContext context) : GatheringOperator
{
    /// <summary>Rows after which a column that is no dictionary is asked whether it has too many values already.</summary>
    const int Slice = 4096;

    readonly Dictionary<string, ValueCounts> _fields = new(StringComparer.Ordinal);
    readonly HashSet<string> _left = new(StringComparer.Ordinal) { FieldNames.Time, FieldNames.Raw };
    long _rows;

    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        foreach (var name in ShapedView.OutputFieldsOf(view))
        {
            if (!_left.Contains(name) && !FieldNames.IsHidden(name) && view.Column(name) is { } column && !Count(name, column, view, rows))
            {
                Leave(name);
            }
        }

        _rows += rows.Length;
        return true;
    }

    public override void Merge(GatheringOperator other)
    {
        var theirs = (FacetsOperator)other;
        foreach (var name in theirs._left)
        {
            Leave(name);
        }

        foreach (var (name, counts) in theirs._fields)
        {
            if (_left.Contains(name))
            {
                counts.Hits.Release();
            }
            else if (!_fields.TryGetValue(name, out var mine))
            {
                _fields.Add(name, counts);
            }
            else
            {
                mine.Merge(counts);
                if (mine.Hits.Count > pipe.MaxValues + 1)
                {
                    Leave(name);
                }
            }
        }

        _rows += theirs._rows;
    }

    public override void Finish()
    {
        var rows = new List<(byte[] Name, byte[] Value, long Hits)>();
        foreach (var (name, counts) in _fields)
        {
            Add(name, counts.Values(), rows);
        }

        rows.Sort((a, b) => NaturalOrder.CompareTexts(a.Name, b.Name) is var byName and not 0 ? byName
            : a.Hits != b.Hits ? b.Hits.CompareTo(a.Hits) : NaturalOrder.CompareTexts(a.Value, b.Value));
        var (names, values) = (new ResultColumn(rows.Count), new ResultColumn(rows.Count));
        foreach (var (name, value, _) in rows)
        {
            names.Add(name);
            values.Add(value);
        }

        var hits = new IntegerVector(rows.Count, [.. rows.Select(row => row.Hits)], null, ValueKind.Number);
        next.PushAll(new ResultView(rows.Count).Add("field_name", names.ToVector()).Add("field_value", values.ToVector()).Add("hits", hits));
        next.Finish();
    }

    /// <summary>False where the field has too many values, or too long ones.</summary>
    bool Count(string name, ColumnVector column, RecordView view, ReadOnlySpan<int> rows)
    {
        if (!_fields.TryGetValue(name, out var counts))
        {
            _fields.Add(name, counts = new(name, context));
        }

        // A dictionary is counted by its codes, however many rows there are.
        var slice = column is DictionaryVector or ConstantVector ? rows.Length : Slice;
        while (!rows.IsEmpty)
        {
            if (column.Value(rows[0]).Length > pipe.MaxLength)
            {
                return false;
            }

            var some = rows[..Math.Min(slice, rows.Length)];
            counts.Push(view, some);
            // One more: the empty value of rows without the field is none.
            if (counts.Hits.Count > pipe.MaxValues + 1)
            {
                return false;
            }

            rows = rows[some.Length..];
        }

        return true;
    }

    void Leave(string name)
    {
        _left.Add(name);
        if (_fields.Remove(name, out var counts))
        {
            counts.Hits.Release();
        }
    }

    void Add(string name, List<(byte[] Value, long Hits)> values, List<(byte[] Name, byte[] Value, long Hits)> rows)
    {
        var isConstant = values is [var only] && only.Hits == _rows;
        if (values.Count > pipe.MaxValues || (isConstant && !pipe.KeepsConstant) || values.Exists(value => value.Value.Length > pipe.MaxLength))
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(name);
        values.Sort((a, b) => a.Hits != b.Hits ? b.Hits.CompareTo(a.Hits) : NaturalOrder.CompareTexts(a.Value, b.Value));
        rows.AddRange(values.Take((int)Math.Min(pipe.Limit, int.MaxValue)).Select(value => (bytes, value.Value, value.Hits)));
    }

    /// <summary>The values of one field.</summary>
    sealed class ValueCounts(string field, QueryContext context)
        : HitsOperator([field], byHits: true, skipsEmpty: true, long.MaxValue, null, null, Nobody.Instance, context)
    {
        public List<(byte[] Value, long Hits)> Values() => [.. Groups().Select(group => (Hits.Value(group.Group, 0).ToArray(), group.Hits))];
    }

    /// <summary>Takes nothing: the counts are read, not handed on.</summary>
    sealed class Nobody : PipeOperator
    {
        public static Nobody Instance { get; } = new();

        public override bool Push(RecordView view, ReadOnlySpan<int> rows) => false;

        public override void Finish()
        {
        }
    }
}
