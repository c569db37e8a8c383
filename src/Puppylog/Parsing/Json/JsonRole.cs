namespace Puppylog.Parsing.Json;

/// <summary>What a field of a JSON line is used as beside, or instead of, its own name.</summary>
enum JsonRole : byte
{
    /// <summary>A field like any other.</summary>
    None = 0,
    Time = 1,
    Message = 2,
    Level = 3,

    /// <summary>A level as OpenTelemetry counts them, 1 to 24.</summary>
    SeverityNumber = 4,

    /// <summary>The field <c>trace_id</c>.</summary>
    Trace = 5,

    /// <summary>The field <c>span_id</c>.</summary>
    Span = 6,
}
