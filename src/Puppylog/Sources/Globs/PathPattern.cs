using System.IO.Enumeration;

namespace Puppylog.Sources.Globs;

/// <summary>
/// A pattern for paths: a <see cref="NamePattern"/> for each name, and <c>**</c> for any number of directories, links to
/// directories not among them; at the end, for all files below.
/// </summary>
sealed class PathPattern
{
    readonly NamePattern?[] _names;

    PathPattern(string text, NamePattern?[] names)
    {
        Text = text;
        _names = names;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">A bracket or a brace is not closed.</exception>
    public static PathPattern Parse(string text)
    {
        var full = Path.IsPathRooted(text) ? text : Path.Combine(Directory.GetCurrentDirectory(), text);
        var names = new List<NamePattern?>();
        foreach (var name in SplitPath(full))
        {
            if (name == "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name != ".")
            {
                names.Add(name == "**" ? null : NamePattern.Parse(name));
            }
        }

        if (names is [.., null])
        {
            names.Add(NamePattern.Parse("*"));
        }

        return new(text, [.. names]);
    }

    /// <summary>True where the pattern matches a full path.</summary>
    public bool IsMatch(string path) => IsMatch(SplitPath(path), 0, 0);

    /// <summary>The files that match, and the directories that were looked into: where further ones may appear.</summary>
    public void Find(ICollection<string> files, ICollection<string> directories) => Find("/", 0, files, directories);

    void Find(string directory, int at, ICollection<string> files, ICollection<string> directories)
    {
        // The fixed beginning need not be readable, only passable.
        while (at < _names.Length - 1 && _names[at] is { IsLiteral: true } fixedName)
        {
            directory = Path.Combine(directory, fixedName.Literal);
            at++;
        }

        if (at == _names.Length)
        {
            return;
        }

        directories.Add(directory);
        if (_names[at] is not { } pattern)
        {
            Find(directory, at + 1, files, directories);
            foreach (var entry in Entries(directory))
            {
                if (entry.IsDirectory && !entry.IsLink && entry.Name[0] != '.')
                {
                    Find(Path.Combine(directory, entry.Name), at, files, directories);
                }
            }

            return;
        }

        var isLast = at == _names.Length - 1;
        foreach (var entry in Entries(directory))
        {
            if (entry.IsDirectory == isLast || !pattern.IsMatch(entry.Name))
            {
                continue;
            }

            if (isLast)
            {
                files.Add(Path.Combine(directory, entry.Name));
            }
            else
            {
                Find(Path.Combine(directory, entry.Name), at + 1, files, directories);
            }
        }
    }

    static IEnumerable<(string Name, bool IsDirectory, bool IsLink)> Entries(string directory)
    {
        try
        {
            return new FileSystemEnumerable<(string, bool, bool)>(
                directory,
                static (ref entry) => (entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 }).ToList();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    bool IsMatch(string[] path, int name, int at)
    {
        while (at < _names.Length)
        {
            if (_names[at] is not { } pattern)
            {
                for (var skipped = name; skipped <= path.Length; skipped++)
                {
                    if (IsMatch(path, skipped, at + 1))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (name == path.Length || !pattern.IsMatch(path[name]))
            {
                return false;
            }

            name++;
            at++;
        }

        return name == path.Length;
    }

    static string[] SplitPath(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
