using Puppylog.Sources;
using Puppylog.Sources.Globs;

namespace Puppylog.Pipeline;

/// <summary>The settings of all sources at one time. Never changes.</summary>
sealed class SourceSettings
{
    readonly Dictionary<string, SourceOptions> _byInput = new(StringComparer.Ordinal);
    readonly HashSet<string> _files = new(StringComparer.Ordinal);
    readonly List<(PathPattern Pattern, SourceOptions Settings)> _patterns = [];

    public SourceSettings(IReadOnlyList<SourceOptions> sources)
    {
        Sources = [.. sources.DistinctBy(source => source.Input)];
        foreach (var source in Sources)
        {
            _byInput.Add(source.Input, source);
            if (LogSources.IsPattern(source.Input))
            {
                _patterns.AddRange(LogSources.Patterns(source.Input).Select(pattern => (pattern, source)));
            }
            else if (!LogSources.IsNamedKind(source.Input))
            {
                _files.Add(Path.GetFullPath(source.Input));
            }
        }
    }

    public IReadOnlyList<SourceOptions> Sources { get; }

    public bool HasPatterns => _patterns.Count > 0;

    public SourceOptions? Find(string input) => _byInput.GetValueOrDefault(input);

    /// <summary>True for the path of a file that is named, or that a pattern matches.</summary>
    public bool IsMatched(string path) => _files.Contains(path) || OfFile(path) is not null;

    /// <summary>
    /// The settings of a file that a pattern found: of the first that matches. Null where none does any more, and where the file is
    /// named itself.
    /// </summary>
    public SourceOptions? OfFile(string path)
    {
        if (_files.Contains(path))
        {
            return null;
        }

        foreach (var (pattern, settings) in _patterns)
        {
            if (pattern.IsMatch(path) && !settings.Excludes.Any(exclude => exclude.IsMatch(path)))
            {
                return settings;
            }
        }

        return null;
    }
}
