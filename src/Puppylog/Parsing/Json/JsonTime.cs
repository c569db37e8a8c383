using System.Buffers.Text;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Times as JSON logs hold them: ISO text, an access log's text, or a number since 1970.</summary>
static class JsonTime
{
    /// <summary>1973. A smaller number is a duration or a counter rather than a time.</summary>
    const decimal LeastSeconds = 1e8m;

    public static bool TryRead(ReadOnlySpan<byte> value, ValueKind kind, out long nanoseconds)
    {
        nanoseconds = 0;
        return kind switch
        {
            ValueKind.Number => TryReadEpoch(value, out nanoseconds),
            ValueKind.Text => (Timestamps.TryParseIso(value, out nanoseconds, out var length) && length == value.Length)
                || Timestamps.TryParseClf(value, out nanoseconds)
                || TryReadEpoch(value, out nanoseconds),
            _ => false,
        };
    }

    /// <summary>Seconds, milli-, micro- or nanoseconds since 1970, told apart by their size; fractions count.</summary>
    static bool TryReadEpoch(ReadOnlySpan<byte> value, out long nanoseconds)
    {
        nanoseconds = 0;
        if (!Utf8Parser.TryParse(value, out decimal number, out var taken) || taken != value.Length || number < LeastSeconds)
        {
            return false;
        }

        var unit = number switch
        {
            < 1e11m => 1e9m,
            < 1e14m => 1e6m,
            < 1e17m => 1e3m,
            _ => 1m,
        };
        if (number > long.MaxValue / unit)
        {
            return false;
        }

        nanoseconds = (long)(number * unit);
        return true;
    }
}
