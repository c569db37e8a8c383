using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.WordFilters;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// The values of each record whose line is open, in the order of the fields: exactly those that a reader of the block finds
/// present, wherever they lie. Kept and reused.
/// </summary>
sealed class PlacedValues
{
    /// <summary>More values are not put together; a reader refuses more.</summary>
    public const int MaxValues = 1 << 23;

    readonly List<string> _fields = [];
    readonly List<byte[]> _names = [];
    readonly byte[] _time = new byte[TimeForm.MaxLength];
    readonly GatheredField _gathered = new();
    FieldWriter? _writer;
    int[] _ends = [];
    Value[] _values = [];

    /// <summary>The fields besides those of the overflow column, which follow them.</summary>
    public IReadOnlyList<string> Fields => _fields;

    public int FieldCount => _fields.Count + _writer!.Rest.Count;

    /// <summary>The values of a record. Those that are in no line have places elsewhere.</summary>
    public ReadOnlySpan<Value> Of(int place)
    {
        var first = place == 0 ? 0 : _ends[place - 1];
        return _values.AsSpan(first, _ends[place] - first);
    }

    /// <summary>A field's name; none for the time.</summary>
    public ReadOnlySpan<byte> Name(int field) => field < _names.Count ? _names[field] : _writer!.RestName(field - _names.Count);

    public void AddNames(WordFilterBuilder words)
    {
        for (var field = 0; field < FieldCount; field++)
        {
            WordSplitter.AddWords(Name(field), words);
        }
    }

    /// <summary>Puts the values together; false where there are too many.</summary>
    public bool TryGather(RecordBatch batch, FieldWriter writer, ReadOnlySpan<byte> templates)
    {
        _writer = writer;
        if (_ends.Length < templates.Length + 1)
        {
            _ends = new int[templates.Length + 1];
        }

        // Once to count, once to put each in its place.
        _ends.AsSpan().Clear();
        AddAll(new(this, batch, writer.Places, templates, isCounting: true));
        var sum = 0L;
        for (var place = 0; place < templates.Length; place++)
        {
            (_ends[place], sum) = ((int)Math.Min(sum, int.MaxValue), sum + _ends[place]);
        }

        if (sum > MaxValues)
        {
            return false;
        }

        if (_values.Length < sum)
        {
            _values = new Value[sum + (sum / 8)];
        }

        AddAll(new(this, batch, writer.Places, templates, isCounting: false));
        return true;
    }

    void AddAll(Sink sink)
    {
        _fields.Clear();
        _names.Clear();
        AddTimes(sink);
        AddMessages(sink);
        foreach (var field in _writer!.Columns)
        {
            var name = field.Column?.Name ?? Encoding.UTF8.GetString(_writer.Groups.Name(field.Group));
            if (IsSayable(name))
            {
                _fields.Add(name);
                _names.Add(Encoding.UTF8.GetBytes(name));
                AddField(sink, field, _fields.Count - 1);
            }
        }

        for (var i = 0; i < _writer.Rest.Count; i++)
        {
            AddField(sink, _writer.Rest[i], _fields.Count + i);
        }
    }

    void AddTimes(Sink sink)
    {
        var batch = sink.Batch;
        foreach (var form in batch.TimeForms)
        {
            _fields.Add($"{FieldNames.Time}:{form.Text}");
            _names.Add([]);
            for (var place = 0; place < sink.Count; place++)
            {
                if (sink.IsOpen(place))
                {
                    var row = sink.RowAt(place);
                    var line = batch.Lines[row];
                    var written = form.Write(batch.Times[row], _time);
                    var at = sink.IsCounting ? 0 : batch.Value(line).IndexOf(_time.AsSpan(0, written));
                    sink.Add(place, at < 0 ? new(-1, 0) : new(line.Offset + at, written), _fields.Count - 1);
                }
            }
        }
    }

    void AddMessages(Sink sink)
    {
        var batch = sink.Batch;
        var hasOwn = false;
        for (var place = 0; place < sink.Count && !hasOwn; place++)
        {
            hasOwn = batch.Messages[sink.RowAt(place)] != batch.Lines[sink.RowAt(place)];
        }

        if (!hasOwn)
        {
            return;
        }

        _fields.Add(FieldNames.Message);
        _names.Add(Encoding.UTF8.GetBytes(FieldNames.Message));
        for (var place = 0; place < sink.Count; place++)
        {
            var row = sink.RowAt(place);
            if (batch.Messages[row] != batch.Lines[row])
            {
                sink.Add(place, batch.Messages[row], _fields.Count - 1);
            }
        }
    }

    void AddField(Sink sink, in FieldSelection.Field field, int number)
    {
        if (field is { Column: { IsSparse: false } column, Group: < 0 })
        {
            var spans = column.Spans(sink.Batch.Count);
            for (var place = 0; place < sink.Count; place++)
            {
                sink.Add(place, spans[sink.RowAt(place)], number);
            }

            return;
        }

        _gathered.Gather(field.Column, _writer!.Groups, field.Group, _writer.Places);
        for (var i = 0; i < _gathered.Count; i++)
        {
            sink.Add(_gathered.Places[i], _gathered.Spans[i], number);
        }
    }

    /// <summary>False for names that a template would read as something else, and for what lines are not made of.</summary>
    static bool IsSayable(string name) => !name.StartsWith(FieldNames.Time, StringComparison.Ordinal) && name is not (FieldNames.Raw or FieldNames.LineZone);

    /// <summary>A value's place in the batch.</summary>
    public readonly record struct Value(int Offset, int Length, int Field)
    {
        public int End => Offset + Length;
    }

    /// <summary>Counts the values that the records of open lines have, or puts them there.</summary>
    readonly ref struct Sink(PlacedValues owner, RecordBatch batch, RowPlaces rows, ReadOnlySpan<byte> templates, bool isCounting)
    {
        readonly ReadOnlySpan<byte> _templates = templates;

        public RecordBatch Batch => batch;

        public bool IsCounting => isCounting;

        public int Count => _templates.Length;

        public int RowAt(int place) => rows.RowAt(place);

        public bool IsOpen(int place) => _templates[place] == 0;

        public void Add(int place, ByteSpan value, int field)
        {
            if (!IsOpen(place) || value.IsAbsent)
            {
                return;
            }

            if (isCounting)
            {
                owner._ends[place]++;
            }
            else
            {
                owner._values[owner._ends[place]++] = new(value.Offset, value.Length, field);
            }
        }
    }
}
