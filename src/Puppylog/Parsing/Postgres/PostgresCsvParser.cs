using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Postgres;

/// <summary>
/// PostgreSQL's csvlog (its manual, 19.8.4): comma-separated values, texts in double quotes, in which a quote is doubled and
/// newlines stand as they are. Version 8.3 has 22 columns, 9.0 a 23rd, 13 a 24th, 14 and later 26.
/// </summary>
sealed class PostgresCsvParser : LineParser
{
    const int LeastColumns = 22;
    const int Severity = 11;
    const int State = 12;
    const int Message = 13;

    /// <summary>By column; names as in the other log of PostgreSQL, and in its jsonlog.</summary>
    static readonly string[] Names =
    [
        FieldNames.Time, "user", "database", "pid", "client", "session_id", "session_line", "command_tag", "session_start",
        "virtual_transaction_id", "transaction_id", FieldNames.Level, "sql_state", FieldNames.Message, "detail", "hint",
        "internal_query", "internal_query_pos", "context", "statement", "statement_pos", "location", "application_name",
        "backend_type", "leader_pid", "query_id",
    ];

    static readonly RecordShape CsvShape = new("postgresql_csv", [], []);

    readonly TimeReader _times = new();
    readonly LevelColumns _levels = new();
    readonly LineSketch _sketch = new();
    readonly Value[] _values = new Value[Names.Length];
    readonly BatchColumn?[] _columns = new BatchColumn?[Names.Length];
    RecordBatch _batch = null!;
    BatchColumn? _lineTime;

    public override string Format => Shape.Format;

    public override RecordShape Shape => CsvShape;

    public override LineJoin? CreateJoin() => new PostgresCsvJoin();

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _lineTime = null;
        _levels.Bind(batch);
        _sketch.Bind(batch);
        _columns.AsSpan().Clear();
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        if (text is [.., (byte)'\r'])
        {
            text = text[..^1];
        }

        if (!_times.TryRead(text, ReadTime, out var time, out var timeEnd) || timeEnd == text.Length || text[timeEnd] != ',')
        {
            reason = "expected a time and a comma at the beginning";
            return false;
        }

        reason = Split(text, timeEnd + 1, out var count);
        if (reason is not null)
        {
            return false;
        }

        Add(line, text, time, timeEnd, count);
        return true;
    }

    /// <summary>Finds the values behind the time; returns what is wrong with them.</summary>
    string? Split(ReadOnlySpan<byte> text, int at, out int count)
    {
        for (count = 1; count < Names.Length; count++)
        {
            if (!TryValue(text, ref at, out _values[count]))
            {
                return $"column {count + 1} is not closed, or goes on behind its quotes";
            }

            if (at++ == text.Length)
            {
                count++;
                break;
            }
        }

        if (at <= text.Length || count < LeastColumns)
        {
            return $"expected {LeastColumns} to {Names.Length} columns";
        }

        var state = text.Slice(_values[State].Start, _values[State].Length);
        return _values[Severity].Length == 0 || state.Length != 5 || state.ContainsAnyExceptInRange((byte)'0', (byte)'Z') ? "expected a severity and a state of five characters in columns 12 and 13" : null;
    }

    /// <param name="text">The line.</param>
    /// <param name="at">Where the value begins; then where the comma behind it stands, or the line ends.</param>
    /// <param name="value">Its place, without quotes.</param>
    static bool TryValue(ReadOnlySpan<byte> text, ref int at, out Value value)
    {
        if (at == text.Length || text[at] != '"')
        {
            var length = text[at..].IndexOfAny(",\"\n"u8);
            value = new(at, length < 0 ? text.Length - at : length, false);
            at += value.Length;
            return at == text.Length || text[at] == ',';
        }

        var start = ++at;
        var isEscaped = false;
        while (true)
        {
            var quote = text[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                value = default;
                return false;
            }

            at += quote + 1;
            if (at == text.Length || text[at] != '"')
            {
                value = new(start, at - 1 - start, isEscaped);
                return at == text.Length || text[at] == ',';
            }

            isEscaped = true;
            at++;
        }
    }

    void Add(ByteSpan line, ReadOnlySpan<byte> text, long time, int timeEnd, int count)
    {
        var form = ReplaceTimes ? null : _times.Form;
        var severity = _values[Severity];
        var level = LevelWords.OfWord(text.Slice(severity.Start, severity.Length));
        var levelColumn = LevelColumns.ColumnOf(text.Slice(severity.Start, severity.Length), level);
        _sketch.Begin();
        _sketch.AddTime(0, timeEnd, form);
        _sketch.Salt(levelColumn.Length);
        for (var i = 1; i < count; i++)
        {
            var value = _values[i];
            if (value.IsEscaped)
            {
                // No template doubles quotes.
                _sketch.Spoil();
            }
            else if (value.Length > 0)
            {
                _sketch.Add(value.Start, value.Start + value.Length, i == Severity ? levelColumn : Names[i]);
            }
        }

        var template = _sketch.Template(text);
        var row = _batch.Add(ReplaceTimes ? ReadTime : time, line, Span(line, _values[Message]), template);
        if (form is null)
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, new(line.Offset, timeEnd));
        }

        _levels.Set(row, Span(line, severity), level, levelColumn);
        for (var i = 1; i < count; i++)
        {
            if (i is not (Severity or Message) && _values[i].Length > 0)
            {
                (_columns[i] ??= _batch.Column(Names[i])).Set(row, Span(line, _values[i]));
            }
        }
    }

    /// <summary>The value's place in the batch; where quotes were doubled, that of a copy.</summary>
    ByteSpan Span(ByteSpan line, Value value)
    {
        var span = new ByteSpan(line.Offset + value.Start, value.Length);
        if (!value.IsEscaped)
        {
            return span;
        }

        var target = _batch.Reserve(span.Length);
        var source = _batch.Value(span);
        var length = 0;
        while (!source.IsEmpty)
        {
            var quote = source.IndexOf((byte)'"');
            var plain = quote < 0 ? source : source[..(quote + 1)];
            plain.CopyTo(target[length..]);
            length += plain.Length;
            source = quote < 0 ? default : source[(quote + 2)..];
        }

        return _batch.Advance(length);
    }

    readonly record struct Value(int Start, int Length, bool IsEscaped);
}
