using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>The line that is being read: its leaves so far, and which of them are the time, the message and the level.</summary>
sealed class JsonRecord
{
    /// <summary>Room for the fields of a line; more are made room for, and that is given back.</summary>
    const int UsualFields = 1024;

    const ulong SignatureStep = 0x9E37_79B9_7F4A_7C15;

    JsonField[] _fields = new JsonField[UsualFields];
    readonly TimeForms _timeForms = new();
    readonly bool _replaceTimes;
    RecordBatch _batch = null!;
    BatchColumn? _level;
    BatchColumn? _lineTime;
    JsonEscapes _escapes = JsonEscapes.All[0];
    byte[] _escaped = new byte[256];
    int _binding;

    // Of this line.
    ByteSpan _line;
    int _fieldCount;
    JsonField _timeField;
    JsonPath? _timePath;
    JsonPath? _messagePath;
    JsonPath? _levelPath;
    TimeForm? _timeForm;
    TimeForm? _knownForm;
    ByteSpan _message;
    long _readTime;
    long _time;
    ulong _signature;

    /// <param name="replaceTimes">The records get other times than their lines say.</param>
    public JsonRecord(bool replaceTimes) => _replaceTimes = replaceTimes;

    public ReadOnlySpan<JsonField> Fields => _fields.AsSpan(0, _fieldCount);

    /// <summary>False where a value stays in the line only, or is escaped in a way that nothing reproduces: the line has no template.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Known from <see cref="Store"/> on.</summary>
    public JsonForm Form => new(_timePath, _timeForm, _messagePath, _levelPath, _signature);

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _level = null;
        _lineTime = null;
        _knownForm = null;
        _binding++;
    }

    /// <summary>Begins a line anew.</summary>
    public void Begin(ByteSpan line, long readTime)
    {
        _line = line;
        _fieldCount = 0;
        _timePath = _messagePath = _levelPath = null;
        _timeForm = null;
        _message = line;
        _time = _readTime = readTime;
        _signature = 0;
        IsWhole = true;
    }

    /// <summary>A value is passed over.</summary>
    public void Skip() => IsWhole = false;

    /// <param name="path">Its name.</param>
    /// <param name="start">Where it begins in the line; a string's text, behind the quote.</param>
    /// <param name="end">Where it ends in the line.</param>
    /// <param name="depth">How deep it is nested.</param>
    /// <param name="kind">Its type.</param>
    /// <param name="isEscaped">It is a string that has escapes.</param>
    public void Add(JsonPath path, int start, int end, int depth, ValueKind kind, bool isEscaped)
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
            escapes = EscapesOf(_batch.Value(value), _batch.Value(escaped));
            _signature = (_signature ^ ((ulong)_fieldCount << 32) ^ (uint)(escapes?.Number ?? 0)) * SignatureStep;
            IsWhole &= escapes is not null;
        }

        _fields[_fieldCount] = new(path, value, kind, start, end, depth, escapes);
        switch (path.Role)
        {
            case JsonRole.Time when JsonTime.TryRead(_batch.Value(value), kind, out var time):
                if (IsBetter(path, _timePath))
                {
                    (_timePath, _time, _timeField) = (path, time, _fields[_fieldCount]);
                }

                break;
            case JsonRole.Message when kind == ValueKind.Text || (path.Rank == 0 && kind is ValueKind.Number or ValueKind.Boolean):
                if (IsBetter(path, _messagePath))
                {
                    (_messagePath, _message) = (path, value);
                }

                break;
            case JsonRole.Level when IsBetter(path, _levelPath):
                _levelPath = path;
                break;
        }

        _fieldCount++;
    }

    static bool IsBetter(JsonPath path, JsonPath? best) => best is null || path.Rank <= best.Rank;

    /// <summary>The way in which the text was escaped; null where none that is known gives these bytes.</summary>
    JsonEscapes? EscapesOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> escaped)
    {
        if (_escaped.Length < text.Length * JsonEscapes.MaxGrowth)
        {
            _escaped = new byte[text.Length * JsonEscapes.MaxGrowth];
        }

        if (Gives(_escapes, text, escaped))
        {
            return _escapes;
        }

        foreach (var other in JsonEscapes.All)
        {
            if (other != _escapes && Gives(other, text, escaped))
            {
                return _escapes = other;
            }
        }

        return null;
    }

    bool Gives(JsonEscapes escapes, ReadOnlySpan<byte> text, ReadOnlySpan<byte> escaped) =>
        escaped.SequenceEqual(_escaped.AsSpan(0, escapes.Write(text, _escaped)));

    /// <summary>Adds the record to the batch.</summary>
    /// <param name="templates">The templates of lines like it; null where none were learned.</param>
    public void Store(JsonTemplates? templates)
    {
        if (_timePath is not null && !_replaceTimes && _timeField.Escapes is null)
        {
            _timeForm = _timeForms.Of(_batch.Value(_timeField.Value));
            if (_timeForm is not null && _timeForm != _knownForm)
            {
                _batch.AddTimeForm(_knownForm = _timeForm);
            }
        }

        var template = templates is null || !IsWhole ? (byte)0 : templates.Number(this, _batch.Value(_line), _batch, _binding);
        var row = _batch.Add(_replaceTimes ? _readTime : _time, _line, _message, template);
        foreach (ref readonly var field in Fields)
        {
            var path = field.Path;
            if (path == _timePath || path == _messagePath)
            {
                continue;
            }

            if (path == _levelPath)
            {
                (_level ??= _batch.Column(FieldNames.Level)).Set(row, field.Value, field.Kind);
            }
            else
            {
                Set(row, path, field.Value, field.Kind);
            }
        }

        if (_fields.Length > 64 * UsualFields)
        {
            (_fields, _fieldCount) = (new JsonField[UsualFields], 0);
        }

        if (_timePath is not null && _timeForm is null)
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, _timeField.Value);
        }
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
            : field.Path == _levelPath ? FieldNames.Level
            : field.Path.Name;
        return new(field.Escapes is null ? TemplatePartKind.Field : TemplatePartKind.EscapedField, name) { Escapes = field.Escapes };
    }

    void Set(int row, JsonPath path, ByteSpan value, ValueKind kind)
    {
        if (path.Binding != _binding)
        {
            path.Binding = _binding;
            path.Column = _batch.TryColumn(path.Name);
            path.NameInBatch = ByteSpan.Absent;
        }

        if (path.Column is { } column)
        {
            column.Set(row, value, kind);
        }
        else if (!FieldNames.IsHidden(path.Name))
        {
            if (path.NameInBatch.IsAbsent)
            {
                path.NameInBatch = _batch.Append(System.Text.Encoding.UTF8.GetBytes(path.Name));
            }

            _batch.AddOverflow(row, path.NameInBatch, value, kind);
        }
    }
}
