using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// One API request a line: <c>2026-11-21 14:00:05 cust_17 /api/v1/resource2 200 0.734</c>, that is time (UTC where it
/// carries no zone), customer, route, status and duration in seconds, one space apart.
/// </summary>
sealed class ApiRequestParser : LineParser
{
    public const string CustomerId = "customer_id";

    static readonly RecordShape ApiRequests = new(
        "api_requests",
        [Template(FieldNames.LineTime)],
        [
            new(FieldNames.Path, FieldNames.Route, DerivedFunction.Path),
            new(FieldNames.Section, FieldNames.Route, DerivedFunction.Section),
        ]);

    readonly TimeForms _timeForms = new();
    readonly Dictionary<TimeForm, LineTemplate> _templates = [];
    RecordBatch _batch = null!;
    TimeForm? _form;
    byte _formTemplate;
    BatchColumn _lineTime = null!;
    BatchColumn _customer = null!;
    BatchColumn _route = null!;
    BatchColumn _status = null!;
    BatchColumn _duration = null!;

    public override string Format => Shape.Format;

    public override RecordShape Shape => ApiRequests;

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _form = null;
        _lineTime = batch.Column(FieldNames.LineTime);
        _customer = batch.Column(CustomerId);
        _route = batch.Column(FieldNames.Route);
        _status = batch.Column(FieldNames.Status);
        _duration = batch.Column(FieldNames.Duration);
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        byte template = 1;
        if (text is [.., (byte)'\r'])
        {
            text = text[..^1];
            template = 0;
        }

        if (!Timestamps.TryParseIso(text, out var time, out var timeEnd) || timeEnd >= text.Length || text[timeEnd] != ' ')
        {
            reason = "expected a time like 2026-11-21 14:00:05 and a space at the beginning";
            return false;
        }

        var customer = Word(text, timeEnd + 1);
        if (customer.Length == 0 || customer.End == text.Length)
        {
            reason = "expected a customer and a space after the time";
            return false;
        }

        var route = Word(text, customer.End + 1);
        if (route.Length == 0 || text[route.Offset] != '/' || route.End == text.Length)
        {
            reason = "expected a route that begins with / and a space after the customer";
            return false;
        }

        var status = Word(text, route.End + 1);
        if (status.Length != 3 || !IsNumber(text.Slice(status.Offset, 3)) || status.End == text.Length)
        {
            reason = "expected a status of three digits and a space after the route";
            return false;
        }

        var duration = new ByteSpan(status.End + 1, text.Length - status.End - 1);
        if (!IsDuration(text[duration.Offset..]))
        {
            reason = "expected a duration in seconds, like 0.734, after the status and nothing behind it";
            return false;
        }

        reason = null;
        var timed = template == 0 || ReplaceTimes ? (byte)0 : TimedTemplate(text[..timeEnd]);
        var row = _batch.Add(ReplaceTimes ? ReadTime : time, line, line, timed == 0 ? template : timed);
        if (timed == 0)
        {
            _lineTime.Set(row, new(line.Offset, timeEnd));
        }

        _customer.Set(row, customer with { Offset = line.Offset + customer.Offset });
        _route.Set(row, route with { Offset = line.Offset + route.Offset });
        _status.Set(row, status with { Offset = line.Offset + status.Offset });
        _duration.Set(row, duration with { Offset = line.Offset + duration.Offset });
        return true;
    }

    static LineTemplate Template(string time) =>
        LineTemplate.Parse($"{{{time}}} {{{CustomerId}}} {{{FieldNames.Route}}} {{{FieldNames.Status}}} {{{FieldNames.Duration}}}");

    /// <summary>The number of the template that writes the record's time as it stands in the line; 0 where none does.</summary>
    byte TimedTemplate(ReadOnlySpan<byte> time)
    {
        if (_form is not null && _form.IsOf(time))
        {
            return _formTemplate;
        }

        if (_timeForms.Of(time) is not { } form)
        {
            return 0;
        }

        if (!_templates.TryGetValue(form, out var template))
        {
            template = Template($"{FieldNames.Time}:{form}");
            _templates.Add(form, template);
        }

        _form = form;
        return _formTemplate = _batch.AddTemplate(template);
    }

    static ByteSpan Word(ReadOnlySpan<byte> text, int start)
    {
        var length = text[start..].IndexOf((byte)' ');
        return new(start, length < 0 ? text.Length - start : length);
    }

    static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    static bool IsDuration(ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        return point < 0 ? IsNumber(text) : IsNumber(text[..point]) && IsNumber(text[(point + 1)..]);
    }
}
