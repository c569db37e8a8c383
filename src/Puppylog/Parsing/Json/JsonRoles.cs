using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// The names under which loggers write a record's time, message and level at the top of their objects, the surest first.
/// They are those of bunyan, pino, zap, logrus, structlog, Serilog (<c>@t</c>, <c>@m</c>, <c>@mt</c>, <c>@l</c>),
/// Logstash (<c>@timestamp</c>), CloudTrail (<c>eventTime</c>) and python-json-logger (<c>levelname</c>).
/// </summary>
static class JsonRoles
{
    /// <summary>Added to the rank of a name in another case (<c>Message</c>): the usual spelling goes first.</summary>
    const int OtherCase = 100;

    static readonly string[] Times = [FieldNames.Time, "time", "timestamp", "@timestamp", "@t", "ts", "eventTime", "datetime", "date"];
    static readonly string[] Messages = [FieldNames.Message, "message", "msg", "@m", "@mt", "log", "text", "body", "event"];
    static readonly string[] Levels = [FieldNames.Level, "severity", "lvl", "@l", "levelname"];

    /// <summary>The role of a top-level name, and its rank among the names of that role, the least being the best.</summary>
    public static (JsonRole Role, int Rank) Of(string name) =>
        Rank(Times, name) is { } time ? (JsonRole.Time, time)
        : Rank(Messages, name) is { } message ? (JsonRole.Message, message)
        : Rank(Levels, name) is { } level ? (JsonRole.Level, level)
        : (JsonRole.None, 0);

    static int? Rank(string[] names, string name)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return names[i] == name ? i : i + OtherCase;
            }
        }

        return null;
    }
}
