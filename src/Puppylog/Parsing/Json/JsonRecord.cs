using System.Buffers.Text;
using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>The line that is being read: its leaves so far, and which of them are the time, the message and the level.</summary>
sealed class JsonRecord : JsonLeaves
{
    /// <summary>Room for the fields of a line; more are made room for, and that is given back.</summary>
    const int UsualFields = 1024;

    const ulong SignatureStep = 0x9E37_79B9_7F4A_7C15;

    JsonField[] _fields = new JsonField[UsualFields];
    readonly TimeForms _timeForms = new();
    readonly bool _replaceTimes;
    RecordBatch _batch = null!;
    readonly JsonWriters _writers = new();
    readonly LevelMemo _known = new();
    readonly TimeReader _times = new();
    readonly LevelColumns _levels = new();
    readonly JsonColumns _columns = new();
    BatchColumn? _lineTime;

    // Of this line.
    ByteSpan _line;
    int _fieldCount;
    ByteSpan _timeText;
    bool _isTimeEscaped;
    JsonPath? _timePath;
    JsonPath? _messagePath;
    JsonPath? _levelPath;
    ByteSpan _levelText;
    ValueKind _levelKind;
    Level _level;
    string _levelColumn = "";
    TimeForm? _timeForm;
    TimeForm? _knownForm;
    ByteSpan _message;
    long _readTime;
    long _time;
    ulong _signature;

    /// <param name="replaceTimes">The records get other times than their lines say.</param>
    public JsonRecord(bool replaceTimes) => _replaceTimes = replaceTimes;

    public override ReadOnlySpan<JsonField> Fields => _fields.AsSpan(0, _fieldCount);

    /// <summary>False where a value stays in the line only, or is escaped in a way that nothing reproduces: the line has no template.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Known from <see cref="Store"/> on.</summary>
    public JsonForm Form => new(_timePath, _timeForm, _messagePath, _levelPath, _levelColumn, _signature);

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _levels.Bind(batch);
        _lineTime = null;
        _knownForm = null;
        _columns.Bind(batch);
    }

    /// <summary>Begins a line anew.</summary>
    public void Begin(ByteSpan line, long readTime)
    {
        _line = line;
        _fieldCount = 0;
        _timePath = _messagePath = _levelPath = null;
        _timeForm = null;
        _levelColumn = "";
        _message = line;
        _time = _readTime = readTime;
        _signature = 0;
        IsWhole = true;
    }

    public override void Skip() => IsWhole = false;

    public override void Add(JsonPath path, int start, int end, int depth, ValueKind kind, bool isEscaped)
    {
        if (_fieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, _fieldCount * 2);
        }

        var value = new ByteSpan(_line.Offset + start, end - start);
        JsonEscapes? escapes = null;
        if (isEscaped)
        {
            var escaped = value;
            var target = _batch.Reserve(value.Length);
            value = _batch.Advance(JsonText.Unescape(_batch.Value(escaped), target));
            escapes = _writers.Find(_batch.Value(value), _batch.Value(escaped));
            _signature = (_signature ^ ((ulong)_fieldCount << 32) ^ (uint)(escapes?.Number ?? 0)) * SignatureStep;
            IsWhole &= escapes is not null;
        }

        _fields[_fieldCount++] = new(path, value, kind, start, end, depth, escapes);
        if (path.Role != JsonRole.None)
        {
            Take(path, value, kind, isEscaped);
        }
    }

    /// <summary>Takes a value for the time, the message or the level, where it may be one and none that was better came before.</summary>
    void Take(JsonPath path, ByteSpan value, ValueKind kind, bool isEscaped)
    {
        switch (path.Role)
        {
            case JsonRole.Time when TryReadTime(value, kind, out var time):
                if (IsBetter(path, _timePath))
                {
                    (_timePath, _time, _timeText, _isTimeEscaped) = (path, time, value, isEscaped);
                }

                break;
            case JsonRole.Message when kind == ValueKind.Text || (path.Rank <= 0 && kind is ValueKind.Number or ValueKind.Boolean):
                if (IsBetter(path, _messagePath))
                {
                    (_messagePath, _message) = (path, value);
                }

                break;
            case JsonRole.Level or JsonRole.SeverityNumber when IsBetter(path, _levelPath):
                AddLevel(path, value, kind);
                break;
        }
    }

    void AddLevel(JsonPath path, ByteSpan value, ValueKind kind)
    {
        var text = _batch.Value(value);
        var (level, column) = path.Role == JsonRole.SeverityNumber ? OfSeverityNumber(text) : _known.Of(text, kind);
        if (level != Level.Unknown || path.Rank < JsonRoles.Weak)
        {
            (_levelPath, _levelText, _levelKind, _level, _levelColumn) = (path, value, kind, level, column);
        }
    }

    static (Level Level, string Column) OfSeverityNumber(ReadOnlySpan<byte> text)
    {
        var level = Utf8Parser.TryParse(text, out int number, out var taken) && taken == text.Length ? LevelWords.OfSeverityNumber(number) : Level.Unknown;
        return (level, LevelColumns.ColumnOf(text, level));
    }

    /// <summary>ISO times, which most are, by what is known of the one before.</summary>
    bool TryReadTime(ByteSpan value, ValueKind kind, out long time)
    {
        var text = _batch.Value(value);
        return kind == ValueKind.Text && text.Length > 18 && text[4] == '-' && _times.TryRead(text, 0, out time, out var length) && length == text.Length
            || JsonTime.TryRead(text, kind, out time);
    }

    static bool IsBetter(JsonPath path, JsonPath? best) => best is null || path.Rank <= best.Rank;

    /// <summary>Adds the record of a line of a known form to the batch.</summary>
    /// <param name="tree">What found the values.</param>
    /// <param name="end">Where the line ends in it.</param>
    public void Store(JsonTree tree, JsonEdge end)
    {
        if (!TryStore(tree, end))
        {
            Begin(_line, _readTime);
            Add(end, tree.Values);
            Store(end.Templates);
        }
    }

    /// <summary>False, with nothing added, where the leaves must be looked at one by one: they have escapes, or the line the first template of its kind.</summary>
    bool TryStore(JsonTree tree, JsonEdge end)
    {
        if (tree.HasEscapes)
        {
            return false;
        }

        var values = tree.Values;
        var steps = end.Steps.AsSpan(0, values.Length);
        var line = _line.Offset;
        for (var i = 0; i < values.Length; i++)
        {
            if (steps[i].Path is { Role: not JsonRole.None } path)
            {
                Take(path, new(line + values[i].Start, values[i].End - values[i].Start), values[i].Kind, isEscaped: false);
            }
        }

        FindTimeForm();
        if (!end.Templates.TryNumber(Form, _batch, _columns.Binding, out var template))
        {
            return false;
        }

        var row = AddRow(template);
        for (var i = 0; i < values.Length; i++)
        {
            var path = steps[i].Path!;
            if (!IsTaken(path))
            {
                ref readonly var value = ref values[i];
                _columns.Set(row, path, new(line + value.Start, value.End - value.Start), value.Kind);
            }
        }

        return true;
    }

    /// <summary>Adds the record to the batch.</summary>
    /// <param name="templates">The templates of lines like it; null where none were learned.</param>
    public void Store(JsonTemplates? templates)
    {
        FindTimeForm();
        var row = AddRow(templates is null || !IsWhole ? (byte)0 : templates.Number(this, _batch.Value(_line), _batch, _columns.Binding));
        foreach (ref readonly var field in Fields)
        {
            if (!IsTaken(field.Path))
            {
                _columns.Set(row, field.Path, field.Value, field.Kind);
            }
        }

        if (_fields.Length > 64 * UsualFields)
        {
            (_fields, _fieldCount) = (new JsonField[UsualFields], 0);
        }
    }

    void FindTimeForm()
    {
        if (_timePath is not null && !_replaceTimes && !_isTimeEscaped)
        {
            _timeForm = _timeForms.Of(_batch.Value(_timeText));
            if (_timeForm is not null && _timeForm != _knownForm)
            {
                _batch.AddTimeForm(_knownForm = _timeForm);
            }
        }
    }

    /// <summary>True for what has become time, message or level.</summary>
    bool IsTaken(JsonPath path) => path.Role != JsonRole.None && (path == _timePath || path == _messagePath || path == _levelPath);

    int AddRow(byte template)
    {
        var row = _batch.Add(_replaceTimes ? _readTime : _time, _line, _message, template);
        if (_levelPath is not null)
        {
            _levels.Set(row, _levelText, _level, _levelColumn, _levelKind);
        }
        else if (_timePath is { Name: "@t" })
        {
            // Serilog leaves out the level that it takes for the usual one.
            _levels.Set(row, Level.Info);
        }

        if (_timePath is not null && _timeForm is null)
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, _timeText);
        }

        return row;
    }

    /// <summary>The part of the line's template that a field is.</summary>
    public TemplatePart Part(in JsonField field)
    {
        if (field.Path == _timePath && _timeForm is not null)
        {
            return new(TemplatePartKind.Time, FieldNames.Time) { Time = _timeForm };
        }

        var name = field.Path == _timePath ? FieldNames.LineTime
            : field.Path == _messagePath ? FieldNames.Message
            : field.Path == _levelPath ? _levelColumn
            : field.Path.Name;
        return new(field.Escapes is null ? TemplatePartKind.Field : TemplatePartKind.EscapedField, name) { Escapes = field.Escapes };
    }
}
