using Puppylog.Parsing.Multiline;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// One JSON object a line. Nested objects are flattened with dots; arrays and empty objects stay JSON text, numbers keep
/// their text, a null is an absent field. The fields that hold time, message and level (<see cref="JsonRoles"/>) become
/// <c>_time</c>, <c>_msg</c> and <c>level</c> and are not stored under their own names as well. The line's template is
/// learned from its form (<see cref="JsonTree"/>).
/// </summary>
sealed class JsonLineParser : LineParser
{
    const int MaxKnownPaths = 4096;

    /// <summary>Forms that are learned from one batch, which can name no more; a source that goes on inventing names is not worth it.</summary>
    const int MaxLearned = 255;

    static readonly RecordShape JsonShape = new("json", [], []);

    JsonRecord? _record;
    JsonReader? _reader;
    JsonTree _tree = new();
    RecordBatch _batch = null!;
    int _learned;

    /// <summary>Which names hold the time and the message.</summary>
    public JsonNaming Naming { get; init; } = JsonNaming.Usual;

    public override string Format => Shape.Format;

    public override RecordShape Shape => JsonShape;

    /// <summary>Objects are whole; what a program writes between them may be a trace.</summary>
    public override LineJoin? CreateJoin() => new TraceJoin((byte)'{');

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _record ??= new(ReplaceTimes);
        _reader ??= new(Naming);
        _record.Bind(batch);
        _learned = 0;
    }

    /// <summary>Begins anew where a source goes on inventing names: remembering them is of no use.</summary>
    void Forget()
    {
        if (_reader!.Names > MaxKnownPaths || (_tree.IsFull && _learned == 0))
        {
            _reader = new(Naming);
            _tree = new();
        }
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var record = _record!;
        var text = _batch.Value(line);
        record.Begin(line, ReadTime);
        if (_tree.Follow(text) is { } known)
        {
            reason = null;
            record.Store(_tree, known);
            return true;
        }

        Forget();
        reason = _reader!.Read(text, record);
        if (reason is not null)
        {
            return false;
        }

        Unnamed += _reader.Skipped;
        record.Store(record.IsWhole && _learned++ < MaxLearned ? _tree.Learn(text, record)?.Templates : null);
        return true;
    }
}
