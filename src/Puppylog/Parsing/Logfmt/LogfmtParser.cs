using Puppylog.Parsing.Json;
using Puppylog.Parsing.Multiline;
using Puppylog.Records;

namespace Puppylog.Parsing.Logfmt;

/// <summary>
/// <c>time=2026-11-21T14:00:05Z level=info msg="a b" took=1.5s</c>: pairs with a space between them, values with spaces in
/// quotes, escaped as in JSON. Words that are no pair stay in the line. Roles of keys, levels and templates are
/// those of JSON lines.
/// </summary>
sealed class LogfmtParser : LineParser
{
    const int MaxKnownPaths = 4096;
    const int MaxLearned = 255;

    static readonly RecordShape LogfmtShape = new("logfmt", [], []);

    JsonRecord? _record;
    LogfmtReader _reader = new(JsonNaming.Usual);
    JsonTree _tree = new(isLogfmt: true);
    RecordBatch _batch = null!;
    int _learned;

    public override string Format => Shape.Format;

    public override RecordShape Shape => LogfmtShape;

    /// <summary>The line that was parsed last has two pairs at least, and nothing but pairs.</summary>
    public bool LastIsSure { get; private set; }

    public override LineJoin? CreateJoin() => new TraceJoin();

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _record ??= new(ReplaceTimes);
        _record.Bind(batch);
        _learned = 0;
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var record = _record!;
        var text = _batch.Value(line);
        record.Begin(line, ReadTime);
        if (_tree.Follow(text) is { } known)
        {
            reason = null;
            LastIsSure = _tree.Values.Length > 1;
            record.Store(_tree, known);
            return true;
        }

        Forget();
        reason = _reader.Read(text, record);
        if (reason is not null)
        {
            return false;
        }

        LastIsSure = _reader.IsSure;
        record.Store(record.IsWhole && _learned++ < MaxLearned ? _tree.Learn(text, record)?.Templates : null);
        return true;
    }

    /// <summary>Begins anew where a source goes on inventing names: remembering them is of no use.</summary>
    void Forget()
    {
        if (_reader.Names > MaxKnownPaths || (_tree.IsFull && _learned == 0))
        {
            _reader = new(JsonNaming.Usual);
            _tree = new(isLogfmt: true);
        }
    }
}
