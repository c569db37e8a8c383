using Puppylog.Records;

namespace Puppylog.Storage.Postgres;

/// <summary>A column of <c>logs</c> that holds a field.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Field">The field's name; they differ where the field's is a keyword of SQL.</param>
/// <param name="Type">What it holds. A value whose text the type does not give back goes into <c>data</c>.</param>
sealed record LogColumn(string Name, string Field, LogColumnType Type)
{
    /// <summary>Longer values go into <c>data</c>: an index over the column could not hold them (a third of a page).</summary>
    public const int MaxKeyLength = 2000;

    /// <summary>
    /// The columns of fields, in the order in which they are written and read. The first six are the table's own and never
    /// null; the rest is null where a record has no such field.
    /// </summary>
    public static IReadOnlyList<LogColumn> All { get; } =
    [
        new("application_name", FieldNames.ApplicationName, LogColumnType.Key),
        new("environment_name", FieldNames.EnvironmentName, LogColumnType.Key),
        new("log_event", FieldNames.LogEvent, LogColumnType.Key),
        new("trace_id", FieldNames.TraceId, LogColumnType.Key),
        new("file_path", FieldNames.FilePath, LogColumnType.Key),
        new("host_ip", FieldNames.HostIp, LogColumnType.Key),
        new("level", FieldNames.Level, LogColumnType.Text),
        new("span_id", FieldNames.SpanId, LogColumnType.Text),
        new("host", FieldNames.Host, LogColumnType.Text),
        new("ident", FieldNames.Ident, LogColumnType.Text),
        new("user_name", FieldNames.User, LogColumnType.Text),
        new("method", FieldNames.Method, LogColumnType.Text),
        new("route", FieldNames.Route, LogColumnType.Text),
        new("path", FieldNames.Path, LogColumnType.Text),
        new("section", FieldNames.Section, LogColumnType.Text),
        new("protocol", FieldNames.Protocol, LogColumnType.Text),
        new("status", FieldNames.Status, LogColumnType.Integer),
        new("bytes", FieldNames.Bytes, LogColumnType.Bigint),
        new("referrer", FieldNames.Referrer, LogColumnType.Text),
        new("user_agent", FieldNames.UserAgent, LogColumnType.Text),
        new("duration", FieldNames.Duration, LogColumnType.Double),
    ];

    /// <summary>The columns that every row has, in front of those of fields.</summary>
    public static IReadOnlyList<string> Fixed { get; } = ["time", "nanos", "seq", "stream_id", "message", "raw", "data"];

    /// <summary>The column of a field; null where its values are in <c>data</c>.</summary>
    public static LogColumn? Find(string field) => All.FirstOrDefault(column => column.Field == field);
}
