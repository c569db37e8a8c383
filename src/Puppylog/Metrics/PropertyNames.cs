using System.Collections.Frozen;
using Puppylog.Query.Filters;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>Other names of fields that a metric may use (design §2).</summary>
static class PropertyNames
{
    static readonly FrozenDictionary<string, string> Synonyms = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["request_method"] = FieldNames.Method,
        ["request_route"] = FieldNames.Route,
        ["request_proto"] = FieldNames.Protocol,
        ["status_code"] = FieldNames.Status,
        ["response_bsize"] = FieldNames.Bytes,
        ["ruser"] = FieldNames.User,
        ["indent_logname"] = FieldNames.Ident,
        ["service.name"] = FieldNames.ApplicationName,
        ["deployment.environment.name"] = FieldNames.EnvironmentName,
        ["deployment.environment"] = FieldNames.EnvironmentName,
        ["http.request.method"] = FieldNames.Method,
        ["http.response.status_code"] = FieldNames.Status,
        ["http.response.body.size"] = FieldNames.Bytes,
        ["url.path"] = FieldNames.Path,
        ["user_agent.original"] = FieldNames.UserAgent,
        ["client.address"] = FieldNames.Host,
        ["host.ip"] = FieldNames.HostIp,
        ["event.name"] = FieldNames.LogEvent,
        ["severity_text"] = FieldNames.Level,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The field that the name stands for where no record has one of that name itself.</summary>
    public static string? Synonym(string name) => Synonyms.GetValueOrDefault(name);

    /// <summary>The column of that name, or of what it is another name for; null where no record has it.</summary>
    public static ColumnVector? Resolve(RecordView view, string name) =>
        FieldResolver.Resolve(view, name) ?? (Synonym(name) is { } other ? FieldResolver.Resolve(view, other) : null);
}
