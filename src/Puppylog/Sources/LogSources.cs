using Puppylog.Diagnostics;
using Puppylog.Sources.Files;
using Puppylog.Sources.Globs;

namespace Puppylog.Sources;

/// <summary>Tells what a name on the command line stands for.</summary>
static class LogSources
{
    public const string StandardInput = "-";

    /// <summary>A source for each name, stdin and repeated names once. Nothing is opened yet.</summary>
    public static List<LogSource> Create(IEnumerable<string> names, SourceContext context, Func<Stream> standardInput) =>
        names.Distinct(StringComparer.Ordinal).Select(name => Create(name, context, standardInput)).ToList();

    /// <summary>True for a pattern of paths, unless a file is called so.</summary>
    public static bool IsPattern(string name) => NamePattern.HasWildcards(name) && !File.Exists(name);

    /// <summary>The source of a name that is no pattern. Nothing is opened yet.</summary>
    public static LogSource Create(string name, SourceContext context, Func<Stream> standardInput)
    {
        if (name == StandardInput)
        {
            return new StreamSource("stdin", null, standardInput, reopens: false, context);
        }

        if (IsStream(name))
        {
            var path = Path.GetFullPath(name);
            return new StreamSource(name, path, () => OpenPipe(path), reopens: context.Watch, context);
        }

        // What is compressed is complete: there is nothing to follow.
        return name.EndsWith(".gz", StringComparison.Ordinal) && File.Exists(name) ? new GzipSource(name, context) : new FileSource(name, context);
    }

    static bool IsStream(string path)
    {
        try
        {
            return FileStatus.TryFind(path, out var status) && status.Kind is (FileKind.Pipe or FileKind.Other);
        }
        catch (IOException)
        {
            // The source itself will say it.
            return false;
        }
    }

    static FileStream OpenPipe(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
}
