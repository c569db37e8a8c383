using Puppylog.Records;

namespace Puppylog.Parsing.Access;

/// <summary>
/// Common and Combined Log Format as Apache and nginx write them, each also with a duration at the end. Which of the four
/// a line is, the line decides. Nothing is allocated per line.
/// </summary>
sealed class AccessLogParser(RecordShape shape) : LineParser
{
    // Neighbouring lines mostly carry the same second, which is then read once.
    readonly byte[] _knownTimeText = "01/Jan/1970:00:00:00 +0000"u8.ToArray();
    long _knownTime;
    RecordBatch _batch = null!;
    AccessLogColumns _columns = null!;

    public override string Format => shape.Format;

    public override RecordShape Shape => shape;

    public override InvalidLines DefaultInvalid => InvalidLines.Report;

    /// <summary>The line that was parsed last had a referrer and a user agent.</summary>
    public bool LastIsCombined { get; private set; }

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _columns = new(batch);
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        ReadOnlySpan<byte> text = _batch.ByteArray.AsSpan(line.Offset, line.Length);
        var found = default(AccessLine);
        found.IsExact = true;
        if (text is [.., (byte)'\r'])
        {
            text = text[..^1];
            found.IsExact = false;
        }

        reason = ReadClient(text, ref found) ?? ReadRequest(text, ref found) ?? ReadEnd(text, ref found);
        if (reason is not null)
        {
            return false;
        }

        LastIsCombined = found.IsCombined;
        Add(line, text, found);
        return true;
    }

    /// <summary>Host, ident, user and time. The reason where they do not match, else null.</summary>
    string? ReadClient(ReadOnlySpan<byte> text, ref AccessLine found)
    {
        var hostEnd = text.IndexOf((byte)' ');
        if (hostEnd <= 0)
        {
            return "expected a host and a space at the beginning";
        }

        found.HostEnd = hostEnd;
        var at = hostEnd + 1;
        if (text[at..].StartsWith("- - ["u8))
        {
            found.IdentStart = at;
            found.IdentEnd = at + 1;
            found.UserStart = at + 2;
            found.UserEnd = at + 3;
        }
        else if (ReadNames(text, ref found) is { } reason)
        {
            return reason;
        }

        var time = text.Slice(found.UserEnd + 2, Math.Min(Timestamps.ClfLength, text.Length - found.UserEnd - 2));
        if (time.Length < Timestamps.ClfLength || text.Length == found.TimeEnd || text[found.TimeEnd] != ']')
        {
            return "expected a time in brackets after the user, like [10/Oct/2000:13:55:36 -0700]";
        }

        if (!time.SequenceEqual(_knownTimeText))
        {
            if (!Timestamps.TryParseClf(time, out var parsed))
            {
                return "the time in brackets is not a valid time like 10/Oct/2000:13:55:36 -0700";
            }

            time.CopyTo(_knownTimeText);
            _knownTime = parsed;
        }

        found.Time = _knownTime;
        // A leap second is the first second of the next minute to _time.
        found.KeepsTime = ReplaceTimes || (time[18] == '6' && time[19] == '0');
        return null;
    }

    /// <summary>Ident and user where they are not both dashes.</summary>
    static string? ReadNames(ReadOnlySpan<byte> text, ref AccessLine found)
    {
        var at = found.HostEnd;
        Cursor.SkipSpaces(text, ref at, ref found.IsExact);
        var identLength = text[at..].IndexOf((byte)' ');
        if (identLength < 0)
        {
            return "expected an identity and a space after the host";
        }

        found.IdentStart = at;
        found.IdentEnd = at + identLength;
        found.UserStart = found.IdentEnd + 1;
        // One more space right before the bracket is an empty user, any other is odd spacing.
        while (text[found.UserStart..] is [(byte)' ', not (byte)'[', ..])
        {
            found.UserStart++;
            found.IsExact = false;
        }

        if (text[found.UserStart..] is [(byte)'[', ..] && text[(found.UserStart + 1)..].IndexOf(" ["u8) < 0)
        {
            return "expected a user between the identity and the time";
        }

        if (!TryFindUserEnd(text, ref found))
        {
            return "expected a time in brackets after the user, like [10/Oct/2000:13:55:36 -0700]";
        }

        return text[found.UserStart..found.UserEnd].StartsWith("- "u8)
            ? "expected the time after the user: one field too many stands before it (a log with the virtual host?)"
            : null;
    }

    /// <summary>A user may hold spaces and brackets; it ends before the first bracket that a time's closing one follows.</summary>
    static bool TryFindUserEnd(ReadOnlySpan<byte> text, ref AccessLine found)
    {
        var from = found.UserStart;
        while (true)
        {
            var bracket = text[from..].IndexOf(" ["u8);
            if (bracket < 0)
            {
                return false;
            }

            found.UserEnd = from + bracket;
            if (found.TimeEnd < text.Length && text[found.TimeEnd] == ']')
            {
                return true;
            }

            from = found.UserEnd + 1;
        }
    }

    static string? ReadRequest(ReadOnlySpan<byte> text, ref AccessLine found)
    {
        var at = found.TimeEnd + 1;
        if (!Cursor.SkipSpaces(text, ref at, ref found.IsExact) || at == text.Length || text[at] != '"')
        {
            return "expected a quoted request after the time";
        }

        if (!QuotedText.TryFind(text, at, out found.Request))
        {
            return "the quoted request is not closed";
        }

        at = found.Request.End + 1;
        if (!Cursor.SkipSpaces(text, ref at, ref found.IsExact))
        {
            return "expected a space and the status after the quoted request";
        }

        found.StatusStart = at;
        found.StatusEnd = Cursor.SkipDigits(text, at);
        if (found.StatusEnd != at + 3 && !Cursor.IsDash(text, ref found.StatusEnd, at))
        {
            return "expected a status of three digits or a dash after the request";
        }

        at = found.StatusEnd;
        if (!Cursor.SkipSpaces(text, ref at, ref found.IsExact))
        {
            return "expected a space and the number of bytes after the status";
        }

        found.BytesStart = at;
        found.BytesEnd = Cursor.SkipDigits(text, at);
        if ((found.BytesEnd == at && !Cursor.IsDash(text, ref found.BytesEnd, at)) || (found.BytesEnd < text.Length && text[found.BytesEnd] != ' '))
        {
            return "expected a number of bytes or a dash after the status";
        }

        return null;
    }

    /// <summary>What follows the bytes: referrer and user agent, a duration, both or nothing.</summary>
    static string? ReadEnd(ReadOnlySpan<byte> text, ref AccessLine found)
    {
        var at = found.BytesEnd;
        if (Cursor.SkipSpaces(text, ref at, ref found.IsExact) && at < text.Length && text[at] == '"')
        {
            found.IsCombined = true;
            if (!QuotedText.TryFind(text, at, out found.Referrer))
            {
                return "the quoted referrer is not closed";
            }

            at = found.Referrer.End + 1;
            if (!Cursor.SkipSpaces(text, ref at, ref found.IsExact) || at == text.Length || text[at] != '"')
            {
                return "expected a quoted user agent after the referrer";
            }

            if (!QuotedText.TryFind(text, at, out found.UserAgent))
            {
                return "the quoted user agent is not closed";
            }

            at = found.UserAgent.End + 1;
            if (!Cursor.SkipToNext(text, ref at, ref found.IsExact))
            {
                return "expected a space or the end after the quoted user agent";
            }

            if (at < text.Length && text[at] == '"')
            {
                found.HasForwardedFor = true;
                if (!QuotedText.TryFind(text, at, out found.ForwardedFor))
                {
                    return "the quoted field after the user agent is not closed";
                }

                at = found.ForwardedFor.End + 1;
                if (!Cursor.SkipToNext(text, ref at, ref found.IsExact))
                {
                    return "expected a space or the end after the quoted field that follows the user agent";
                }
            }
        }

        if (at == text.Length)
        {
            // Spaces before the end are not as templates have it.
            found.IsExact &= text[^1] != ' ';
            return null;
        }

        found.HasDuration = true;
        found.DurationStart = at;
        found.DurationEnd = Cursor.SkipDuration(text, at);
        if (found.DurationEnd < 0)
        {
            return found.IsCombined
                ? "expected a duration or the end after the quoted fields"
                : "expected a quoted referrer, a duration or the end after the bytes";
        }

        at = found.DurationEnd;
        if (at < text.Length)
        {
            found.IsExact = false;
            return text[at..].ContainsAnyExcept((byte)' ') ? "expected the end after the duration" : null;
        }

        return null;
    }

    void Add(ByteSpan line, ReadOnlySpan<byte> text, in AccessLine found)
    {
        var request = text[found.Request.Start..found.Request.End];
        var kind = RequestLine.Split(request, out var methodEnd, out var routeEnd);
        var exact = found.IsExact && !(found.Request.IsEscaped && kind != RequestKind.Other) && !found.Referrer.IsEscaped && !found.UserAgent.IsEscaped && !found.ForwardedFor.IsEscaped;
        var template = exact ? AccessLogShape.TemplateNumber(found, kind) : (byte)0;
        var columns = _columns;
        var row = _batch.Add(ReplaceTimes ? ReadTime : found.Time, line, line, template);
        var origin = line.Offset;
        SetUnlessDash(columns.Host, row, text, origin, 0, found.HostEnd);
        SetUnlessDash(columns.Ident, row, text, origin, found.IdentStart, found.IdentEnd);
        SetUnlessDash(columns.User, row, text, origin, found.UserStart, found.UserEnd);
        if (found.KeepsTime)
        {
            columns.LineTime.Set(row, new(origin + found.UserEnd + 2, Timestamps.ClfLength));
        }
        else
        {
            columns.LineZone.Set(row, new(origin + found.TimeEnd - 5, 5));
        }

        var at = origin + found.Request.Start;
        if (kind == RequestKind.Other)
        {
            SetUnlessDash(columns.Request, row, text, origin, found.Request.Start, found.Request.End);
        }
        else
        {
            columns.Method.Set(row, new(at, methodEnd));
            columns.Route.Set(row, Unescaped(new(at + methodEnd + 1, routeEnd - methodEnd - 1), found.Request.IsEscaped));
            if (kind == RequestKind.Http)
            {
                columns.Protocol.Set(row, Unescaped(new(at + routeEnd + 1, request.Length - routeEnd - 1), found.Request.IsEscaped));
            }
        }

        SetUnlessDash(columns.Status, row, text, origin, found.StatusStart, found.StatusEnd);
        SetUnlessDash(columns.Bytes, row, text, origin, found.BytesStart, found.BytesEnd);
        if (found.IsCombined)
        {
            SetQuoted(columns.Referrer, row, text, origin, found.Referrer);
            SetQuoted(columns.UserAgent, row, text, origin, found.UserAgent);
        }

        if (found.HasForwardedFor)
        {
            SetQuoted(columns.ForwardedFor, row, text, origin, found.ForwardedFor);
        }

        if (found.HasDuration)
        {
            SetUnlessDash(columns.Duration, row, text, origin, found.DurationStart, found.DurationEnd);
        }
    }

    void SetQuoted(BatchColumn column, int row, ReadOnlySpan<byte> text, int origin, QuotedText quoted)
    {
        if (quoted.IsEscaped)
        {
            column.Set(row, Unescaped(new(origin + quoted.Start, quoted.Length), true));
        }
        else
        {
            SetUnlessDash(column, row, text, origin, quoted.Start, quoted.End);
        }
    }

    ByteSpan Unescaped(ByteSpan span, bool isEscaped) =>
        isEscaped && _batch.Value(span).Contains((byte)'\\') ? QuotedText.Unescape(_batch, span) : span;

    static void SetUnlessDash(BatchColumn column, int row, ReadOnlySpan<byte> text, int origin, int start, int end)
    {
        if (end - start != 1 || text[start] != '-')
        {
            column.Set(row, new(origin + start, end - start));
        }
    }
}
