using Puppylog.Parsing.Json;
using Puppylog.Parsing.Levels;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>
/// Adds records that come with their fields named (Loki, OpenTelemetry): what records share, then what is a record's own. A
/// text that is a JSON object is taken apart as <see cref="JsonLineParser"/> does; what came beside it goes before its fields.
/// </summary>
sealed class RecordWriter
{
    /// <summary>Longer names are cut.</summary>
    const int MaxNameBytes = 1024;

    const int MaxKnownPaths = 4096;

    readonly IntakeBatches _batches;
    readonly JsonLineParser _parser;
    readonly bool _takesApart;
    readonly JsonColumns _columns = new();
    readonly LevelColumns _levels = new();
    readonly LevelMemo _memo = new();
    readonly List<(JsonPath Path, ByteSpan Value, ValueKind Kind)> _own = [];
    JsonPaths _paths = new();
    JsonPath? _last;
    RecordBatch _batch = null!;
    (ByteSpan Text, int Number)? _level;

    /// <param name="batches">Where the records go.</param>
    /// <param name="parser">Of texts that are JSON objects; it must not take their times.</param>
    /// <param name="takesApart">False where texts that are JSON objects stay texts.</param>
    public RecordWriter(IntakeBatches batches, JsonLineParser parser, bool takesApart)
    {
        (_batches, _parser, _takesApart) = (batches, parser, takesApart);
        Shared = new();
    }

    public SharedFields Shared { get; }

    /// <summary>Puts the text of the record that was begun into its batch, for <see cref="End"/>.</summary>
    public ByteSpan Text(ReadOnlySpan<byte> text) => _batch.Append(_batches.Redactor is { } redactor ? redactor.Text(text) : text);

    /// <summary>Begins a record.</summary>
    public void Begin()
    {
        var batch = _batches.For(_parser.Shape);
        if (!ReferenceEquals(batch, _batch))
        {
            _batch = batch;
            _columns.Bind(batch);
            _levels.Bind(batch);
            _parser.Bind(batch);
        }

        _own.Clear();
        _level = null;
    }

    /// <summary>A field that the records from now on have.</summary>
    public void Share(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ValueKind kind, bool isOfStream)
    {
        if (!name.IsEmpty)
        {
            _batches.Redactor?.Field(ref name, ref value, ref kind);
            name = Cut(name);
            Shared.Add(Path(name), name, value, kind, isOfStream);
        }
    }

    /// <summary>A field of the record that was begun.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, ValueKind kind)
    {
        if (name.IsEmpty)
        {
            return;
        }

        _batches.Redactor?.Field(ref name, ref text, ref kind);
        var value = _batch.Append(text);
        var path = Path(Cut(name));
        if (path is { Role: JsonRole.Level, Rank: < JsonRoles.Weak } && _level is null)
        {
            _level = (value, 0);
            return;
        }

        _own.Add((path, value, kind));
    }

    /// <summary>The record's level.</summary>
    /// <param name="text">As its source calls it; may be empty.</param>
    /// <param name="number">As OpenTelemetry counts levels; 0 where it does not say.</param>
    public void AddLevel(ReadOnlySpan<byte> text, int number)
    {
        if (!text.IsEmpty || number != 0)
        {
            text = _batches.Redactor is { } redactor ? redactor.Text(text) : text;
            _level = (_batch.Append(text), number);
        }
    }

    /// <summary>Adds the record.</summary>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="text">Its line and message: <see cref="Text"/>.</param>
    public void End(long time, ByteSpan text)
    {
        _parser.ReadTime = time;
        var isApart = _takesApart && _batch.Value(text) is [(byte)'{', ..] && _parser.TryParse(text, out _);
        var row = isApart ? _batch.Count - 1 : _batch.Add(time, text, text, 0);
        _batches.Charge(Shared.Count);
        Shared.Set(_batch, row, _columns);
        foreach (var (path, value, kind) in _own)
        {
            _columns.Set(row, path, value, kind);
        }

        if (_level is { } level)
        {
            SetLevel(row, level.Text, level.Number);
        }
    }

    void SetLevel(int row, ByteSpan span, int number)
    {
        var text = _batch.Value(span);
        var known = LevelWords.OfSeverityNumber(number);
        if (text.IsEmpty)
        {
            _levels.Set(row, known);
            return;
        }

        var (level, column) = known == Level.Unknown ? _memo.Of(text) : (known, LevelColumns.ColumnOf(text, known));
        _levels.Set(row, span, level, column);
    }

    JsonPath Path(ReadOnlySpan<byte> name)
    {
        // Mostly the field that followed the one before the last time.
        if (_last?.Next is { } next && next.Bytes.AsSpan().SequenceEqual(name))
        {
            return _last = next;
        }

        if (_paths.Count > MaxKnownPaths)
        {
            (_paths, _last) = (new(), null);
        }

        var path = _paths.Find(name, isTop: true);
        _last?.Next = path;
        return _last = path;
    }

    static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> name)
    {
        if (name.Length <= MaxNameBytes)
        {
            return name;
        }

        var length = MaxNameBytes;
        while (length > 0 && (name[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return name[..length];
    }
}
