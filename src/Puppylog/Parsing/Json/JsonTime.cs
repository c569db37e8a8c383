using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Times as JSON logs hold them: ISO text, an access log's text, or a number since 1970.</summary>
static class JsonTime
{
    public static bool TryRead(ReadOnlySpan<byte> value, ValueKind kind, out long nanoseconds)
    {
        nanoseconds = 0;
        return kind switch
        {
            ValueKind.Number => EpochTime.TryRead(value, out nanoseconds),
            ValueKind.Text => (Timestamps.TryParseIso(value, out nanoseconds, out var length) && length == value.Length)
                || Timestamps.TryParseClf(value, out nanoseconds)
                || EpochTime.TryRead(value, out nanoseconds),
            _ => false,
        };
    }
}
