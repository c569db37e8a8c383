using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// The names under which loggers write a record's time, message, level and trace, the surest first. They are those of
/// bunyan, pino, zap, logrus, structlog, Serilog (<c>@t</c>, <c>@m</c>, <c>@mt</c>, <c>@l</c>), Elastic Common Schema
/// (<c>@timestamp</c>, <c>log.level</c>, <c>trace.id</c>), OpenTelemetry (<c>timeUnixNano</c>, <c>severityText</c>,
/// <c>traceId</c>), Google Cloud (<c>severity</c>, <c>textPayload</c>), CloudTrail (<c>eventTime</c>), journald
/// (<c>__REALTIME_TIMESTAMP</c>, <c>PRIORITY</c>), GELF (<c>short_message</c>), Rust's tracing (<c>fields.message</c>), MongoDB (<c>t.$date</c>, <c>s</c>), PostgreSQL (<c>error_severity</c>) and python-json-logger (<c>levelname</c>).
/// Names without a dot stand at the top of the object; those with one there, too, or in the object that is named before it.
/// </summary>
static class JsonRoles
{
    /// <summary>From this rank on, a name may well mean something else: it is a level only where its value is one.</summary>
    public const int Weak = 1000;

    /// <summary>Added to the rank of a name in another case (<c>Message</c>): the usual spelling goes first.</summary>
    const int OtherCase = 100;

    static readonly string[] Times =
    [
        FieldNames.Time, "time", "timestamp", "@timestamp", "@t", "ts", "timeUnixNano", "__REALTIME_TIMESTAMP", "eventTime", "datetime", "asctime",
        "date", "t.$date", "t", "observedTimeUnixNano",
    ];

    static readonly string[] Messages =
    [
        FieldNames.Message, "message", "msg", "@m", "@mt", "textPayload", "body.stringValue", "jsonPayload.message", "short_message", "fields.message",
        "@message", "log", "text", "body", "event",
    ];

    static readonly string[] Levels = [FieldNames.Level, "severity", "lvl", "@l", "log.level", "severityText", "levelname", "loglevel", "log_level", "error_severity", "@level"];
    static readonly string[] WeakLevels = ["PRIORITY", "s"];
    static readonly string[] Traces = [FieldNames.TraceId, "traceId", "traceID", "trace.id", "@tr", "otelTraceID"];
    static readonly string[] Spans = [FieldNames.SpanId, "spanId", "spanID", "span.id", "@sp", "otelSpanID"];

    /// <summary>The role of a name, and its rank among the names of that role, the least being the best.</summary>
    /// <param name="name">Flattened.</param>
    /// <param name="isTop">It stands at the top of the object.</param>
    public static (JsonRole Role, int Rank) Of(string name, bool isTop)
    {
        if (!isTop && !name.Contains('.', StringComparison.Ordinal))
        {
            return (JsonRole.None, 0);
        }

        return Rank(Times, name, isTop) is { } time ? (JsonRole.Time, time)
            : Rank(Messages, name, isTop) is { } message ? (JsonRole.Message, message)
            : Rank(Levels, name, isTop) is { } level ? (JsonRole.Level, level)
            : name == "severityNumber" ? (JsonRole.SeverityNumber, Weak)
            : Array.IndexOf(WeakLevels, name) is >= 0 and var weak ? (JsonRole.Level, Weak + weak)
            : Array.IndexOf(Traces, name) >= 0 ? (JsonRole.Trace, 0)
            : Array.IndexOf(Spans, name) >= 0 ? (JsonRole.Span, 0)
            : (JsonRole.None, 0);
    }

    static int? Rank(string[] names, string name, bool isTop)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Equals(name, StringComparison.OrdinalIgnoreCase) && (isTop || names[i].Contains('.', StringComparison.Ordinal)))
            {
                return names[i] == name ? i : i + OtherCase;
            }
        }

        return null;
    }
}
