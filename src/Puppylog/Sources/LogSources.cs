using Puppylog.Diagnostics;
using Puppylog.Sources.Commands;
using Puppylog.Sources.Files;
using Puppylog.Sources.Globs;
using Puppylog.Sources.Streams;
using Puppylog.Sources.Syslog;

namespace Puppylog.Sources;

/// <summary>Tells what a name on the command line stands for.</summary>
static class LogSources
{
    public const string StandardInput = "-";
    public const string PipePrefix = "fifo:";
    public const string CommandPrefix = "exec:";

    static readonly string[] Prefixes = [PipePrefix, CommandPrefix, SyslogAddress.Prefix];

    /// <summary>A source for each name, stdin and repeated names once. Nothing is opened yet.</summary>
    public static List<LogSource> Create(IEnumerable<string> names, SourceContext context, Func<Stream> standardInput) =>
        names.Distinct(StringComparer.Ordinal).Select(name => Create(name, context, standardInput)).ToList();

    /// <summary>True for a pattern of paths, unless a file is called so.</summary>
    public static bool IsPattern(string name) => !IsNamedKind(name) && NamePattern.HasWildcards(name) && !File.Exists(name);

    /// <summary>True for a name that says itself what kind of source it is: <c>fifo:/run/app.pipe</c>.</summary>
    public static bool IsNamedKind(string name) => Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <exception cref="FormatException">No source can be called so; the message says why.</exception>
    public static void Check(string name)
    {
        if (name.StartsWith(SyslogAddress.Prefix, StringComparison.Ordinal))
        {
            SyslogAddress.Parse(name);
        }
        else if (Prefixes.Contains(name))
        {
            throw new FormatException($"'{name}' names nothing: write {name}{(name == CommandPrefix ? "COMMAND" : "/path")}");
        }
        else if (!IsNamedKind(name) && !File.Exists(name))
        {
            PathPattern.Parse(name);
        }
    }

    /// <summary>The source of a name that is no pattern. Nothing is opened yet.</summary>
    public static LogSource Create(string name, SourceContext context, Func<Stream> standardInput)
    {
        if (name == StandardInput)
        {
            return new StreamSource("stdin", null, standardInput, context);
        }

        if (name.StartsWith(PipePrefix, StringComparison.Ordinal))
        {
            return new PipeSource(name, Path.GetFullPath(name[PipePrefix.Length..]), makes: true, context);
        }

        if (name.StartsWith(CommandPrefix, StringComparison.Ordinal))
        {
            var command = name[CommandPrefix.Length..];
            return new CommandSource(name, command, context) { Fields = [new("command", command)] };
        }

        if (name.StartsWith(SyslogAddress.Prefix, StringComparison.Ordinal))
        {
            return new SyslogSource(name, SyslogAddress.Parse(name), context);
        }

        switch (KindOf(name))
        {
            case FileKind.Pipe:
                return new PipeSource(name, Path.GetFullPath(name), makes: false, context);
            case FileKind.Other:
                var path = Path.GetFullPath(name);
                return new StreamSource(name, path, () => OpenDevice(path), context);
        }

        // What is compressed is complete: there is nothing to follow.
        return name.EndsWith(".gz", StringComparison.Ordinal) && File.Exists(name) ? new GzipSource(name, context) : new FileSource(name, context);
    }

    static FileKind KindOf(string path)
    {
        try
        {
            return FileStatus.TryFind(path, out var status) ? status.Kind : FileKind.Regular;
        }
        catch (IOException)
        {
            // The source itself will say it.
            return FileKind.Regular;
        }
    }

    static FileStream OpenDevice(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
}
