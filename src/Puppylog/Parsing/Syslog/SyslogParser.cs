using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Syslog;

/// <summary>
/// Syslog as it goes over the wire and as it lies in files, with and without the priority: RFC 5424
/// (<c>&lt;34&gt;1 2026-11-21T14:00:05.003Z host app 123 ID47 [id@1 a="b"] message</c>) and RFC 3164
/// (<c>&lt;34&gt;Nov 21 14:00:05 host app[123]: message</c>), also with an ISO time as rsyslog writes it, and without a host.
/// </summary>
sealed class SyslogParser : LineParser
{
    public const string ProcessId = "proc_id";
    public const string MessageId = "msg_id";
    public const string Facility = "facility";

    /// <summary>The priority's number: facility and level follow from it, the line does not follow from them.</summary>
    public const string LinePriority = FieldNames.HiddenPrefix + "priority";

    static readonly RecordShape SyslogShape = new("syslog", [], []);

    readonly TimeReader _times = new();
    readonly LevelColumns _levels = new();
    readonly LineSketch _sketch = new();
    readonly SyslogData _data = new();
    RecordBatch _batch = null!;
    SyslogColumns _columns = null!;

    public override string Format => Shape.Format;

    public override RecordShape Shape => SyslogShape;

    /// <summary>The line that was parsed last is syslog's and hardly any other's: it has a priority, a time without a year, or a process.</summary>
    public bool LastIsSure { get; private set; }

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _levels.Bind(batch);
        _sketch.Bind(batch);
        _data.Bind(batch);
        _columns = new(batch);
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        if (text is [.., (byte)'\r'])
        {
            text = text[..^1];
        }

        var header = default(SyslogHeader);
        header.Priority = -1;
        header.PriorityEnd = SyslogPriority.TryRead(text, out var priority);
        if (header.PriorityEnd > 0)
        {
            header.Priority = priority;
        }

        LastIsSure = true;
        header.IsNew = IsVersion(text[header.PriorityEnd..]);
        reason = header.IsNew ? ReadNew(text, ref header) : ReadOld(text, ref header);
        if (reason is not null)
        {
            return false;
        }

        if (header.IsNew)
        {
            _data.Begin();
            var at = header.DataStart;
            reason = _data.Read(text, ref at);
            if (reason is not null)
            {
                return false;
            }

            if (at < text.Length && text[at] != ' ')
            {
                reason = "expected a space or the end after the structured data";
                return false;
            }

            header.MessageStart = Math.Min(at + 1, text.Length);
            if (text[header.MessageStart..].StartsWith("\uFEFF"u8))
            {
                header.MessageStart += 3;
            }
        }

        Add(line, text.Length, header);
        return true;
    }

    /// <summary>A version of one or two digits, and a space: the line is of RFC 5424.</summary>
    static bool IsVersion(ReadOnlySpan<byte> text) =>
        (text is [>= (byte)'1' and <= (byte)'9', (byte)' ', (byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] && (text[2] == '-' || (text.Length > 7 && text[6] == '-')))
        || (text is [>= (byte)'1' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', (byte)' ', ..] && text.Length > 8 && text[7] == '-');

    string? ReadNew(ReadOnlySpan<byte> text, ref SyslogHeader header)
    {
        var at = header.PriorityEnd;
        at += text[at..].IndexOf((byte)' ') + 1;
        header.TimeStart = at;
        if (text[at..] is [(byte)'-', (byte)' ', ..])
        {
            header.TimeEnd = at + 1;
            header.Time = ReadTime;
        }
        else if (_times.TryRead(text[at..], ReadTime, out header.Time, out var length))
        {
            header.HasTime = true;
            header.TimeEnd = at + length;
            header.TimeForm = _times.Form;
        }
        else
        {
            return "expected a time or a dash after the version";
        }

        at = header.TimeEnd;
        if (!TryWord(text, ref at, out header.Host) || !TryWord(text, ref at, out header.Application) || !TryWord(text, ref at, out header.Process)
            || !TryWord(text, ref at, out header.MessageId) || at + 1 >= text.Length || text[at] != ' ')
        {
            return "expected host, application, process, message id and structured data, with one space between them, after the time";
        }

        header.DataStart = at + 1;
        return null;
    }

    /// <summary>The space at a place and the word behind it.</summary>
    static bool TryWord(ReadOnlySpan<byte> text, ref int at, out ByteSpan word)
    {
        word = default;
        if (at >= text.Length || text[at] != ' ')
        {
            return false;
        }

        var length = text[(at + 1)..].IndexOf((byte)' ');
        length = length < 0 ? text.Length - at - 1 : length;
        word = new(at + 1, length);
        at = word.End;
        return length > 0;
    }

    string? ReadOld(ReadOnlySpan<byte> text, ref SyslogHeader header)
    {
        var at = header.PriorityEnd;
        header.TimeStart = at;
        if (!_times.TryRead(text[at..], ReadTime, out header.Time, out var length) || at + length >= text.Length || (text[at + length] != ' ' && text[at + length] != ':'))
        {
            return "expected a time like Nov 21 14:00:05 and a space at the beginning";
        }

        header.HasTime = true;
        header.TimeEnd = at + length;
        header.TimeForm = _times.Form;
        at = header.TimeEnd;

        // Cisco writes a colon behind the time.
        at += text[at] == ':' ? 1 : 0;
        header.Host = header.Application = header.Process = header.MessageId = ByteSpan.Absent;
        header.DataStart = header.MessageStart = at + 1;
        if (at >= text.Length || text[at] != ' ')
        {
            return "expected a space after the time";
        }

        // Without a priority, times of other kinds begin the lines of many formats: then a host and a program must follow.
        var isSure = header.Priority >= 0 || text[header.TimeStart] is >= (byte)'A' and <= (byte)'Z';
        LastIsSure = isSure;
        if (isSure && TryReadTag(text, at + 1, ref header))
        {
            return null;
        }

        if (!TryWord(text, ref at, out header.Host) || at == text.Length || !IsHost(text.Slice(header.Host.Offset, header.Host.Length)))
        {
            return "expected a host and a space after the time";
        }

        header.MessageStart = at + 1;
        if (!TryReadTag(text, at + 1, ref header) && !isSure)
        {
            return "expected a program like sshd[123]: after the host";
        }

        LastIsSure |= !header.Process.IsAbsent;
        return null;
    }

    static bool IsHost(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'-', ..] || (text.Length > 1 && LevelWords.OfWord(text) != Level.Unknown))
        {
            return false;
        }

        foreach (var b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'.' or (byte)'-' or (byte)'_' or (byte)':' or (byte)'%' or (byte)'/') && b < 0x80)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><c>sshd[123]: </c> or <c>kernel: </c>; sets where the message begins.</summary>
    static bool TryReadTag(ReadOnlySpan<byte> text, int start, ref SyslogHeader header)
    {
        var length = text[start..].IndexOfAny((byte)' ', (byte)'[', (byte)':');
        if (length <= 0)
        {
            return false;
        }

        var end = start + length;
        var process = ByteSpan.Absent;
        var at = end;
        if (text[at] == '[')
        {
            var close = text[at..].IndexOf((byte)']');
            if (close < 2 || text.Slice(at, close).Contains((byte)' '))
            {
                return false;
            }

            process = new(at + 1, close - 1);
            at += close + 1;
        }

        if (at >= text.Length || text[at] != ':' || (at + 1 < text.Length && text[at + 1] != ' '))
        {
            return false;
        }

        header.Application = new(start, length);
        header.Process = process;
        header.MessageStart = Math.Min(at + 2, text.Length);
        return true;
    }

    void Add(ByteSpan line, int length, in SyslogHeader header)
    {
        var text = _batch.Value(line);
        var form = ReplaceTimes ? null : header.TimeForm;
        _sketch.Begin();
        if (header.Priority >= 0)
        {
            _sketch.Add(1, header.PriorityEnd - 1, LinePriority);
        }

        if (header.HasTime)
        {
            _sketch.AddTime(header.TimeStart, header.TimeEnd, form);
        }

        Sketch(header.Host, FieldNames.Host, header.IsNew);
        Sketch(header.Application, FieldNames.ApplicationName, header.IsNew);
        Sketch(header.Process, ProcessId, header.IsNew);
        Sketch(header.MessageId, MessageId, header.IsNew);
        if (header.IsNew)
        {
            _data.Sketch(_sketch);
        }

        var message = new ByteSpan(line.Offset + header.MessageStart, length - header.MessageStart);
        _sketch.Add(header.MessageStart, length, FieldNames.Message);
        var row = _batch.Add(ReplaceTimes || !header.HasTime ? ReadTime : header.Time, line, message, _sketch.Template(text));
        if (header.HasTime && form is null)
        {
            _columns.LineTime.Set(row, new(line.Offset + header.TimeStart, header.TimeEnd - header.TimeStart));
        }

        Set(_columns.Host, row, text, line.Offset, header.Host, header.IsNew);
        Set(_columns.Application, row, text, line.Offset, header.Application, header.IsNew);
        Set(_columns.Process, row, text, line.Offset, header.Process, header.IsNew);
        Set(_columns.Message, row, text, line.Offset, header.MessageId, header.IsNew);
        if (header.IsNew)
        {
            _data.Set(row, line);
        }

        if (header.Priority >= 0)
        {
            _columns.SetPriority(row, header.Priority, new(line.Offset + 1, header.PriorityEnd - 2));
            _levels.Set(row, LevelWords.OfSeverity(header.Priority & 7));
        }
    }

    void Sketch(ByteSpan place, string name, bool orDash)
    {
        if (!place.IsAbsent)
        {
            _sketch.Add(place.Offset, place.End, name, orDash);
        }
    }

    static void Set(BatchColumn column, int row, ReadOnlySpan<byte> text, int origin, ByteSpan place, bool orDash)
    {
        if (!place.IsAbsent && !(orDash && place.Length == 1 && text[place.Offset] == '-'))
        {
            column.Set(row, place with { Offset = origin + place.Offset });
        }
    }
}
