using System.Collections.Immutable;
using Puppylog.Records;

namespace Puppylog.Parsing.Access;

/// <summary>The shape of access-log records, and the numbers of the templates that their lines follow.</summary>
static class AccessLogShape
{
    /// <summary>The third quoted field of the log that nginx's packages and images write (their format "main").</summary>
    public const string ForwardedFor = "forwarded_for";

    static readonly string[] Times = ["{_time:clf}", "{_line.time}"];
    static readonly string[] Requests = ["{method} {route} {protocol}", "{method} {route}", "{request|-}"];
    static readonly string[] Endings =
    [
        "",
        " {duration|-}",
        " \"{referrer|-}\" \"{user_agent|-}\"",
        " \"{referrer|-}\" \"{user_agent|-}\" {duration|-}",
        " \"{referrer|-}\" \"{user_agent|-}\" \"{forwarded_for|-}\"",
        " \"{referrer|-}\" \"{user_agent|-}\" \"{forwarded_for|-}\" {duration|-}",
    ];

    static readonly ImmutableArray<LineTemplate> Templates =
    [
        .. from time in Times
           from request in Requests
           from ending in Endings
           select LineTemplate.Parse($"{{host|-}} {{ident|-}} {{user|-}} [{time}] \"{request}\" {{status|-}} {{bytes|-}}{ending}"),
    ];

    public static ImmutableArray<DerivedField> Derived { get; } =
    [
        new(FieldNames.Path, FieldNames.Route, DerivedFunction.Path),
        new(FieldNames.Section, FieldNames.Route, DerivedFunction.Section),
    ];

    /// <summary>Common Log Format: <c>%h %l %u %t "%r" %&gt;s %b</c>.</summary>
    public static RecordShape Common { get; } = new("clf", Templates, Derived);

    /// <summary>Combined Log Format: Common, then <c>"%{Referer}i" "%{User-agent}i"</c>.</summary>
    public static RecordShape Combined { get; } = new("combined", Templates, Derived);

    /// <summary>1 + the index of the template, as <see cref="RecordBatch.Add"/> takes it.</summary>
    public static byte TemplateNumber(in AccessLine line, RequestKind request)
    {
        var ending = (line.HasForwardedFor ? 4 : line.IsCombined ? 2 : 0) + (line.HasDuration ? 1 : 0);
        return (byte)(1 + (((line.KeepsTime ? Requests.Length : 0) + (int)request) * Endings.Length) + ending);
    }
}
