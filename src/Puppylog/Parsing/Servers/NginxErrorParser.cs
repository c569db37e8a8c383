using Puppylog.Parsing.Access;
using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Servers;

/// <summary>
/// nginx's error log: <c>2026/11/21 14:00:05 [error] 12#13: *99 message, client: 1.2.3.4, server: x, request: "GET / HTTP/1.1"</c>.
/// What nginx says of the request behind the message are fields under its names; the request is method, route and protocol.
/// </summary>
sealed class NginxErrorParser : LineParser
{
    const string Pid = "pid";
    const string Tid = "tid";
    const string Connection = "connection";
    const int Client = 0;
    const int Request = 2;

    static readonly string[] Names = ["client", "server", "request", "subrequest", "upstream", FieldNames.Host, FieldNames.Referrer, "login", "session"];
    static readonly byte[][] Keys = [.. Names.Select(System.Text.Encoding.ASCII.GetBytes)];
    static readonly TimeForm Form = TimeForm.TryParse("YYYY/MM/DD hh:mm:ss", out var form) ? form : throw new InvalidOperationException();
    static readonly RecordShape NginxShape = new("nginx_error", [], AccessLogShape.Derived);

    readonly TimeReader _times = new(Form);
    readonly TimeReader _startTimes = new(Form);
    readonly LevelColumns _levels = new();
    readonly LineSketch _sketch = new();
    readonly BatchColumn?[] _columns = new BatchColumn?[Names.Length];
    readonly (int Name, ByteSpan Value)[] _tail = new (int, ByteSpan)[Names.Length];
    RecordBatch _batch = null!;
    AccessLogColumns _requests = null!;
    BatchColumn _pid = null!;
    BatchColumn _tid = null!;
    BatchColumn _connection = null!;

    public override string Format => Shape.Format;

    public override RecordShape Shape => NginxShape;

    public override LineJoin? CreateJoin() => new TimeJoin(_startTimes);

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _levels.Bind(batch);
        _sketch.Bind(batch);
        _columns.AsSpan().Clear();
        _requests = new(batch);
        _pid = batch.Column(Pid);
        _tid = batch.Column(Tid);
        _connection = batch.Column(Connection);
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        if (text is [.., (byte)'\r'])
        {
            text = text[..^1];
        }

        if (!_times.TryRead(text, ReadTime, out var time, out var at) || !text[at..].StartsWith(" ["u8))
        {
            reason = "expected a time like 2026/11/21 14:00:05 and a level in brackets at the beginning";
            return false;
        }

        var form = ReplaceTimes ? null : _times.Form;
        var timeEnd = at;
        at += 2;
        var length = text[at..].IndexOf((byte)']');
        var levelText = new ByteSpan(at, Math.Max(0, length));
        var level = LevelWords.OfWord(text.Slice(at, levelText.Length));
        at = levelText.End + 2;
        if (level == Level.Unknown || at >= text.Length || text[at - 1] != ' ')
        {
            reason = "expected a level in brackets and a space after the time";
            return false;
        }

        if (!TryNumber(text, ref at, '#', out var pid) || !TryNumber(text, ref at, ':', out var tid) || (at < text.Length && text[at] != ' '))
        {
            reason = "expected process and thread, like 12#13:, after the level";
            return false;
        }

        reason = null;
        at = Math.Min(at + 1, text.Length);
        var connection = ByteSpan.Absent;
        if (at < text.Length && text[at] == '*')
        {
            var start = at + 1;
            var end = start;
            connection = TryNumber(text, ref start, ' ', out var number) ? number : connection;
            at = connection.IsAbsent ? at : connection.End + 1;
        }

        var messageStart = at;
        var tail = Tail(text, at, out var messageEnd);
        Add(line, text.Length, new(time, form, timeEnd, levelText, level, pid, tid, connection, new(messageStart, messageEnd - messageStart), tail));
        return true;
    }

    static bool TryNumber(ReadOnlySpan<byte> text, ref int at, char end, out ByteSpan number)
    {
        var stop = Cursor.SkipDigits(text, at);
        number = new(at, stop - at);
        at = stop + 1;
        return number.Length > 0 && stop < text.Length && text[stop] == end;
    }

    /// <summary>Takes what follows the message apart; the number of its fields, 0 where it is not as nginx writes it.</summary>
    int Tail(ReadOnlySpan<byte> text, int from, out int messageEnd)
    {
        messageEnd = text.Length;
        var found = text[from..].IndexOf(", client: "u8);
        if (found < 0)
        {
            return 0;
        }

        var count = 0;
        var end = from + found;
        for (var at = end; at < text.Length;)
        {
            if (!text[at..].StartsWith(", "u8) || KeyOf(text[(at + 2)..]) is not (>= 0 and var key) || count == _tail.Length || Has(key, count))
            {
                return 0;
            }

            at += 2 + Keys[key].Length + 2;
            int stop, next;
            if (at < text.Length && text[at] == '"')
            {
                at++;
                var quote = text[at..].IndexOf("\", "u8);
                stop = quote >= 0 ? at + quote : text[^1] == '"' && text.Length > at ? text.Length - 1 : -1;
                next = stop + 1;
            }
            else
            {
                var comma = text[at..].IndexOf(", "u8);
                stop = next = comma < 0 ? text.Length : at + comma;
            }

            if (stop < 0)
            {
                return 0;
            }

            _tail[count++] = (key, new(at, stop - at));
            at = next;
        }

        messageEnd = end;
        return count;
    }

    bool Has(int key, int count)
    {
        foreach (var (name, _) in _tail.AsSpan(0, count))
        {
            if (name == key)
            {
                return true;
            }
        }

        return false;
    }

    static int KeyOf(ReadOnlySpan<byte> text)
    {
        for (var key = Client; key < Keys.Length; key++)
        {
            if (text.StartsWith(Keys[key]) && text[Keys[key].Length..].StartsWith(": "u8))
            {
                return key;
            }
        }

        return -1;
    }

    void Add(ByteSpan line, int length, in Found found)
    {
        var text = _batch.Value(line);
        var levelColumn = LevelColumns.ColumnOf(text.Slice(found.LevelText.Offset, found.LevelText.Length), found.Level);
        _sketch.Begin();
        _sketch.AddTime(0, found.TimeEnd, found.Form);
        _sketch.Add(found.LevelText.Offset, found.LevelText.End, levelColumn);
        _sketch.Salt(levelColumn.Length);
        _sketch.Add(found.Pid.Offset, found.Pid.End, Pid);
        _sketch.Add(found.Tid.Offset, found.Tid.End, Tid);
        if (!found.Connection.IsAbsent)
        {
            _sketch.Add(found.Connection.Offset, found.Connection.End, Connection);
        }

        _sketch.Add(found.Message.Offset, found.Message.End, FieldNames.Message);
        foreach (var (name, value) in _tail.AsSpan(0, found.Tail))
        {
            SketchTail(text, name, value);
        }

        var row = _batch.Add(ReplaceTimes ? ReadTime : found.Time, line, Placed(line, found.Message), _sketch.Template(text));
        if (found.Form is null)
        {
            _requests.LineTime.Set(row, new(line.Offset, found.TimeEnd));
        }

        _levels.Set(row, Placed(line, found.LevelText), found.Level, levelColumn);
        _pid.Set(row, Placed(line, found.Pid));
        _tid.Set(row, Placed(line, found.Tid));
        if (!found.Connection.IsAbsent)
        {
            _connection.Set(row, Placed(line, found.Connection));
        }

        foreach (var (name, value) in _tail.AsSpan(0, found.Tail))
        {
            SetTail(row, line, name, value);
        }
    }

    void SketchTail(ReadOnlySpan<byte> text, int name, ByteSpan value)
    {
        var request = text.Slice(value.Offset, value.Length);
        if (name != Request || RequestLine.Split(request, out var methodEnd, out var routeEnd) != RequestKind.Http)
        {
            _sketch.Add(value.Offset, value.End, Names[name]);
            return;
        }

        _sketch.Add(value.Offset, value.Offset + methodEnd, FieldNames.Method);
        _sketch.Add(value.Offset + methodEnd + 1, value.Offset + routeEnd, FieldNames.Route);
        _sketch.Add(value.Offset + routeEnd + 1, value.End, FieldNames.Protocol);
    }

    void SetTail(int row, ByteSpan line, int name, ByteSpan value)
    {
        var placed = Placed(line, value);
        if (name != Request || RequestLine.Split(_batch.Value(placed), out var methodEnd, out var routeEnd) != RequestKind.Http)
        {
            (_columns[name] ??= _batch.Column(Names[name])).Set(row, placed);
            return;
        }

        _requests.Method.Set(row, placed with { Length = methodEnd });
        _requests.Route.Set(row, new(placed.Offset + methodEnd + 1, routeEnd - methodEnd - 1));
        _requests.Protocol.Set(row, new(placed.Offset + routeEnd + 1, placed.Length - routeEnd - 1));
    }

    static ByteSpan Placed(ByteSpan line, ByteSpan place) => place with { Offset = line.Offset + place.Offset };

    /// <summary>Where the parts of the line lie, in the line.</summary>
    readonly record struct Found(
        long Time, TimeForm? Form, int TimeEnd, ByteSpan LevelText, Level Level, ByteSpan Pid, ByteSpan Tid, ByteSpan Connection, ByteSpan Message, int Tail);
}
