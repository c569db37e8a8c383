using System.Collections.Frozen;

namespace Puppylog.Records;

/// <summary>The well-known field names (design §2). Any other field keeps the name it came with.</summary>
static class FieldNames
{
    public const string Time = "_time";
    public const string Message = "_msg";
    public const string Raw = "_raw";

    /// <summary>The record's stream as text: <c>{file_path="/var/log/app.log"}</c>.</summary>
    public const string Stream = "_stream";

    /// <summary>A hash of <see cref="Stream"/>, made when it is shown; never stored.</summary>
    public const string StreamId = "_stream_id";

    /// <summary>
    /// Names that begin so hold what a derived line needs to come back byte for byte. They are stored, and never listed,
    /// shown or searched.
    /// </summary>
    public const string HiddenPrefix = "_line.";

    /// <summary>The zone of an access-log line as it was written, e.g. <c>+0200</c>.</summary>
    public const string LineZone = "_line.zone";

    /// <summary>The time of a line as it was written, where <c>_time</c> does not reproduce it (<c>--now</c>).</summary>
    public const string LineTime = "_line.time";

    /// <summary>The level as the line has it, where it differs from <see cref="Level"/> in capitals only.</summary>
    public const string LineLevel = "_line.level";

    /// <summary>The stored column of the values that have no column of their own.</summary>
    public const string Overflow = "_overflow";

    /// <summary>The messages that are not the whole line, where some are.</summary>
    public const string LineMessage = "_line.message";

    /// <summary>One of trace, debug, info, notice, warn, error and fatal, whatever the source calls it.</summary>
    public const string Level = "level";

    /// <summary>The level as the line has it, where that is another word or a number.</summary>
    public const string LevelText = "level_text";
    public const string ApplicationName = "application_name";
    public const string EnvironmentName = "environment_name";
    public const string LogEvent = "log_event";
    public const string TraceId = "trace_id";
    public const string SpanId = "span_id";
    public const string FilePath = "file_path";
    public const string HostIp = "host_ip";

    public const string Host = "host";
    public const string Ident = "ident";
    public const string User = "user";
    public const string Method = "method";
    public const string Route = "route";
    public const string Path = "path";
    public const string Section = "section";
    public const string Protocol = "protocol";
    public const string Status = "status";
    public const string Bytes = "bytes";
    public const string Referrer = "referrer";
    public const string UserAgent = "user_agent";
    public const string Duration = "duration";

    /// <summary>A request line that is no <c>METHOD route PROTOCOL</c>, as it was logged.</summary>
    public const string Request = "request";

    /// <summary>How many bytes a line lost that was cut.</summary>
    public const string CutBytes = "cut_bytes";

    static readonly FrozenSet<string> WellKnown = FrozenSet.ToFrozenSet(
        [
            Stream, Level, LevelText, ApplicationName, EnvironmentName, LogEvent, TraceId, SpanId, FilePath, HostIp,
            Host, Ident, User, Method, Route, Path, Section, Protocol, Status, Bytes, Referrer, UserAgent, Duration, Request, CutBytes,
        ],
        StringComparer.Ordinal);

    public static bool IsHidden(string name) =>
        name.Length > 1 && name[0] == '_' && (name == Overflow || name.StartsWith(HiddenPrefix, StringComparison.Ordinal));

    /// <summary>True for the fields that views and stores look for: they keep a column of their own, however many there are.</summary>
    public static bool IsWellKnown(string name) => WellKnown.Contains(name);
}
