using System.Runtime.InteropServices;
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
    readonly List<Source> _sources = [];
    FieldWriter? _writer;
    double _position;
    int _found;
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
        ListSources(batch);
        AddAll(new(this, batch, writer.Places, templates, isCounting: true));
        Sort();
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

    void ListSources(RecordBatch batch)
    {
        _sources.Clear();
        foreach (var form in batch.TimeForms)
        {
            _sources.Add(new() { Name = $"{FieldNames.Time}:{form.Text}", Form = form });
        }

        for (var place = 0; place < _writer!.Places.Count; place++)
        {
            var row = _writer.Places.RowAt(place);
            if (batch.Messages[row] != batch.Lines[row])
            {
                _sources.Add(new() { Name = FieldNames.Message, IsMessage = true });
                break;
            }
        }

        foreach (var field in _writer.Columns)
        {
            var name = field.Column?.Name ?? Encoding.UTF8.GetString(_writer.Groups.Name(field.Group));
            if (IsSayable(name))
            {
                _sources.Add(new() { Name = name, Field = field });
            }
        }
    }

    /// <summary>In the order in which the fields mostly stand in lines, so that it need not be told line by line.</summary>
    void Sort()
    {
        var sorted = _sources.OrderBy(source => source.Found == 0 ? 1 : source.Position / source.Found).ToList();
        _sources.Clear();
        _fields.Clear();
        _names.Clear();
        foreach (var source in sorted)
        {
            _sources.Add(source);
            _fields.Add(source.Name);
            _names.Add(source.Form is null ? Encoding.UTF8.GetBytes(source.Name) : []);
        }
    }

    void AddAll(Sink sink)
    {
        var sources = CollectionsMarshal.AsSpan(_sources);
        for (var i = 0; i < sources.Length; i++)
        {
            ref var source = ref sources[i];
            (_position, _found) = (0, 0);
            if (source.Form is { } form)
            {
                AddTimes(sink, form, i);
            }
            else if (source.IsMessage)
            {
                AddMessages(sink, i);
            }
            else
            {
                AddField(sink, source.Field, i);
            }

            (source.Position, source.Found) = (_position, _found);
        }

        for (var i = 0; i < _writer!.Rest.Count; i++)
        {
            AddField(sink, _writer.Rest[i], sources.Length + i);
        }
    }

    void AddTimes(Sink sink, TimeForm form, int number)
    {
        var batch = sink.Batch;
        for (var place = 0; place < sink.Count; place++)
        {
            if (sink.IsOpen(place))
            {
                var row = sink.RowAt(place);
                var line = batch.Lines[row];
                var written = form.Write(batch.Times[row], _time);
                var at = batch.Value(line).IndexOf(_time.AsSpan(0, written));
                sink.Add(place, at < 0 ? new(-1, 0) : new(line.Offset + at, written), number);
            }
        }
    }

    void AddMessages(Sink sink, int number)
    {
        var batch = sink.Batch;
        for (var place = 0; place < sink.Count; place++)
        {
            var row = sink.RowAt(place);
            if (batch.Messages[row] != batch.Lines[row])
            {
                sink.Add(place, batch.Messages[row], number);
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

    /// <summary>What has the values of one field.</summary>
    struct Source
    {
        public string Name;
        public TimeForm? Form;
        public bool IsMessage;
        public FieldSelection.Field Field;

        /// <summary>Where the values stand in their lines, from 0 to 1 each, summed up.</summary>
        public double Position;

        /// <summary>How many stand in their lines.</summary>
        public int Found;
    }

    /// <summary>A value's place in the batch.</summary>
    public readonly record struct Value(int Offset, int Length, int Field)
    {
        public int End => Offset + Length;
    }

    /// <summary>Counts the values that the records of open lines have, or puts them there.</summary>
    readonly ref struct Sink(PlacedValues owner, RecordBatch batch, RowPlaces rows, ReadOnlySpan<byte> templates, bool isCounting)
    {
        readonly ReadOnlySpan<byte> _templates = templates;
        readonly ReadOnlySpan<ByteSpan> _lines = batch.Lines;

        public RecordBatch Batch => batch;

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
                var line = _lines[rows.RowAt(place)];
                if (value.Length > 0 && value.Offset >= line.Offset && value.End <= line.End)
                {
                    owner._position += (double)(value.Offset - line.Offset) / line.Length;
                    owner._found++;
                }
            }
            else
            {
                owner._values[owner._ends[place]++] = new(value.Offset, value.Length, field);
            }
        }
    }
}
