using System.Collections.Frozen;
using System.Collections.Immutable;
using Puppylog.Parsing.Postgres;

namespace Puppylog.Parsing.Patterns;

/// <summary>
/// The formats that are patterns: those that its loggers' usual settings write. A line follows at most one of a format's; only
/// those with a tilde may also fit lines of others, and are asked last, in their order. A line with a leading time and a level
/// that is of no format here is <c>application</c>.
/// </summary>
static class ApplicationFormats
{
    const string Postgres = "postgresql";

    static readonly (string Format, string[] Patterns)[] Table =
    [
        ("klog",
        [
            "{level:letter}{time:MMDD hh:mm:ss.ffffff} {thread:int} {file}:{line:int}] {_msg}",
            "{level:letter}{time:YYYYMMDD hh:mm:ss.ffffff} {thread:int} {file}:{line:int}] {_msg}",
        ]),
        ("logcat",
        [
            "{time:MM-DD hh:mm:ss.fff} {pid:int} {tid:int} {level:letter} {tag}{ }: {_msg}",
            "{time:YYYY-MM-DD hh:mm:ss.fff} {pid:int} {tid:int} {level:letter} {tag}{ }: {_msg}",
            "{time:MM-DD hh:mm:ss.fff} {level:letter}/{tag}{ }({ }{pid:int}): {_msg}",
            "{level:letter}/{tag}{ }({ }{pid:int}): {_msg}",
            "~{time:MM-DD hh:mm:ss.fff} {pid:int} {tid:int} {level:letter} {tag}{ }:{_msg}",
        ]),
        ("apache_error",
        [
            "[{time:timestamp}] [{module:name}:{level:level}] [pid {pid:int}:tid {tid:int}] [client {client}] {_msg}",
            "[{time:timestamp}] [{module:name}:{level:level}] [pid {pid:int}] [client {client}] {_msg}",
            "[{time:timestamp}] [:{level:level}] [pid {pid:int}] [client {client}] {_msg}",
            "[{time:EEE MMM DD hh:mm:ss YYYY}] [{level:level}] [client {client}] {_msg}",
            "[{time:EEE MMM _D hh:mm:ss YYYY}] [{level:level}] [client {client}] {_msg}",
            "~[{time:timestamp}] [{module:name}:{level:level}] [pid {pid:int}:tid {tid:int}] {_msg}",
            "~[{time:timestamp}] [{module:name}:{level:level}] [pid {pid:int}] {_msg}",
            "~[{time:timestamp}] [:{level:level}] [pid {pid:int}] {_msg}",
            "~[{time:EEE MMM DD hh:mm:ss YYYY}] [{level:level}] {_msg}",
            "~[{time:EEE MMM _D hh:mm:ss YYYY}] [{level:level}] {_msg}",
        ]),
        (Postgres,
        [
            "{time:timestamp} [{pid:int}] {user:word}@{database:word} {level:level}: {_msg}",
            "{time:timestamp} [{pid:int}] {level:level}: {_msg}",
            "{time:timestamp} [{pid:int}]: [{line}] user={user},db={database},app={application_name},client={client} {level:level}: {_msg}",
            "{time:timestamp}:{client}:{user}@{database}:[{pid:int}]:{level:level}: {_msg}",
            "~{time:timestamp} [{pid:int}]: [{line}] user={user},db={database} {level:level}: {_msg}",
            "~{time:timestamp} [{pid:int}] {user:word}@{database:word} {part:name}: {_msg}",
            "~{time:timestamp} [{pid:int}] {part:name}: {_msg}",
            "~{time:timestamp} [{pid:int}]: [{line}] user={user},db={database},app={application_name},client={client} {part:name}: {_msg}",
            "~{time:timestamp} [{pid:int}]: [{line}] user={user},db={database} {part:name}: {_msg}",
            "~{time:timestamp}:{client}:{user}@{database}:[{pid:int}]:{part:name}: {_msg}",
        ]),
        ("log4j",
        [
            "{time:timestamp} - {level:level} [{thread}:{logger:name}@{line:int}] - {_msg}",
            "{time:timestamp} [myid:{myid}] - {level:level} [{thread}:{logger:name}@{line:int}] - {_msg}",
            "{time:timestamp} {level:level} [{logger:word}] ({thread}) {_msg}",
            "{time:timestamp} {level:level} [{thread}] {logger:word}: {_msg}",
            "{time:timestamp} {level:level} [{thread}] {logger:word} - {_msg}",
            "{time:timestamp} {level:level} [{thread}] {logger:word} ({file}:{line:int}) - {_msg}",
            "{time:DD-MMM-YYYY hh:mm:ss.fff} {level:level} [{thread}] {logger:word} {_msg}",
            "{time:timestamp} {level:level} {logger:name}:{line:int} - {_msg}",
            "{time:timestamp} {level:level} {logger:dotted}: {_msg}",
            "{time:timestamp} {thread:int} {level:level} {logger:dotted}: {_msg}",
            "[{time:timestamp}][{level:level}{ }][{logger}{ }] [{node}] {_msg}",
            "[{time:timestamp}] {level:level} {_msg} ({logger:name})",
            "[{time:timestamp}] {level:level} {_msg} ({logger:name})\\n{stack_trace}",
            "{level:level} [{thread}] {time:timestamp} {file:word}:{line:int} - {_msg}",
            "~{time:timestamp} {level:level} {logger:word} - {_msg}",
            "~[{time:timestamp}] {level:level} [{thread}] {_msg}",
        ]),
        ("logback",
        [
            "{time:timestamp} {level:level} {pid:int} --- [{application_name}] [{ }{thread}] [{trace}] {logger:word} : {_msg}",
            "{time:timestamp} [{thread}] {level:level} {logger:word} - {_msg}",
            "{time:timestamp} [{thread}] {level:level} {logger:word} -- {_msg}",
            "{time:timestamp} [{thread}] {level:level} {logger:word}: {_msg}",
            "{time:timestamp} [{thread}] {level:level} {logger:word} : {_msg}",
            "~{time:timestamp} {level:level} {pid:int} --- [{application_name}] [{ }{thread}] {logger:word} : {_msg}",
            "~{time:timestamp} {level:level} {pid:int} --- [{ }{thread}] {logger:word} : {_msg}",
        ]),
        ("python",
        [
            "{time:timestamp} - {logger} - {level:level} - {_msg}",
            "{time:timestamp} | {level:level} | {logger:word}:{function}:{line:int} - {_msg}",
            "[{time:timestamp}] [{pid:int}] [{level:level}] {_msg}",
            "[{time:timestamp}: {level:level}/{process}] {_msg}",
            "[{time:timestamp}] {{{file:word}:{line:int}} {level:level} - {_msg}",
            "{time:timestamp} {pid:int} {level:level} {logger:word} [{request}] {_msg}",
            "{time:timestamp} {pid:int} {level:level} {database:word} {logger:word}: {_msg}",
            "{level:level}:{logger:word}:{_msg}",
        ]),
        ("dotnet",
        [
            "{level:level}: {logger:word}[{event_id:number}]\\n      {_msg}",
            "{level:level}: {logger:word}[{event_id:number}] {_msg}",
            "{time:timestamp} {level:level}: {logger:word}[{event_id:number}]\\n      {_msg}",
            "{time:timestamp} {level:level}: {logger:word}[{event_id:number}] {_msg}",
            "[{time:timestamp}] {level:level}: {logger:word}[{event_id:number}]\\n      {_msg}",
            "[{time:timestamp}] {level:level}: {logger:word}[{event_id:number}] {_msg}",
            "{time:timestamp}|{level:level}|{logger}|{_msg}",
        ]),
        ("zap",
        [
            "{time:timestamp}\\t{level:level}\\t{caller:caller}\\t{_msg}",
            "~{time:timestamp}\\t{level:level}\\t{logger:word}\\t{caller:caller}\\t{_msg}",
            "~{time:timestamp}\\t{level:level}\\t{logger:word}\\t{_msg}",
            "~{time:timestamp}\\t{level:level}\\t{_msg}",
        ]),
        ("rails",
        [
            "{_line.letter:name}, [{time:timestamp} #{pid:int}] {level:level} -- {program}: {_msg}",
            "~{_line.letter:name}, [{time:timestamp} #{pid:int}] {_line.any:name} -- {program}: {_msg}",
        ]),
        ("go",
        [
            "{time:YYYY/MM/DD hh:mm:ss} {level:level} {_msg}",
            "{time:YYYY/MM/DD hh:mm:ss.ffffff} {level:level} {_msg}",
            "{time:YYYY/MM/DD hh:mm:ss} {caller:caller}: {_msg}",
            "{time:YYYY/MM/DD hh:mm:ss.ffffff} {caller:caller}: {_msg}",
            "~{time:YYYY/MM/DD hh:mm:ss.ffffff} {_msg}",
            "~{time:YYYY/MM/DD hh:mm:ss} {_msg}",
        ]),
        ("application",
        [
            "{time:timestamp} {level:level}: {_msg}",
            "{time:timestamp} {level:level} - {_msg}",
            "{time:timestamp} [{ }{level:level}{ }]: {_msg}",
            "{time:timestamp} [{ }{level:level}{ }] {_msg}",
            "{time:timestamp} - {level:level} - {_msg}",
            "{time:timestamp} - {level:level}: {_msg}",
            "{time:timestamp} | {level:level} | {_msg}",
            "{time:timestamp} <{level:level}> {_msg}",
            "[{time:timestamp}] [{ }{level:level}{ }] {_msg}",
            "[{time:timestamp}][{ }{level:level}{ }] {_msg}",
            "[{time:timestamp}] {level:level}: {_msg}",
            "[{time:timestamp}] {level:level} {_msg}",
            "[{time:timestamp} {level:level}] {_msg}",
            "{level:level} [{time:timestamp}] {_msg}",
            "{level:level} {time:timestamp} {_msg}",
            "[{ }{level:level}{ }] [{time:timestamp}] {_msg}",
            "[{ }{level:level}{ }] {time:timestamp} {_msg}",
            "~{time:timestamp} {level:level} {_msg}",
            "~{time:timestamp} [{thread}] {level:level} {_msg}",
        ]),
    ];

    static readonly FrozenDictionary<string, Lazy<PatternList>> Lists = Table.ToFrozenDictionary(
        row => row.Format,
        row => new Lazy<PatternList>(() => new(
            [.. row.Patterns.Select(text => LinePattern.Parse(text.TrimStart('~'), hidden: true))],
            row.Patterns.TakeWhile(text => text[0] != '~').Count(),
            row.Patterns.Length)),
        StringComparer.Ordinal);

    /// <summary>Formats whose programs also write lines of other layouts: those are read as an application's.</summary>
    static readonly ImmutableArray<string> Families = ["log4j", "logback", "python", "dotnet"];

    /// <summary>Their names, in the order in which <c>auto</c> prefers them.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Table.Select(row => row.Format)];

    public static bool IsKnown(string format) => Lists.ContainsKey(format);

    public static PatternParser Create(string format, bool replaceTimes)
    {
        var own = Lists[format].Value;
        if (format == Postgres)
        {
            return new PostgresParser(own) { ReplaceTimes = replaceTimes };
        }

        return new(format, Families.Contains(format) ? own with { Patterns = [.. own.Patterns, .. Lists["application"].Value.Patterns] } : own) { ReplaceTimes = replaceTimes };
    }
}
