using System.Text.RegularExpressions;

namespace Puppylog.Tests.Architecture;

/// <summary>What documents name is there: paths of docs/ARCHITECTURE.md, and where links lead.</summary>
public sealed partial class DocumentTests
{
    static string Root { get; } = FindRoot();

    [Fact]
    public void Places_to_change_are_there()
    {
        var missing = new List<string>();
        foreach (var (subject, rooms, places) in Rows("Where do I change …?"))
        {
            List<string> folders = [.. rooms.Split(", ").Select(room => room == "App" ? "src/Puppylog.App" : $"src/Puppylog/{room}"), "."];
            foreach (var token in Quoted().Matches(places).Select(match => match.Groups[1].Value))
            {
                if (Member().Match(token) is { Success: true } member)
                {
                    if (!folders.Exists(folder => Files(folder, $"{member.Groups[1].Value}.cs").Any(file => File.ReadAllText(file).Contains(member.Groups[2].Value, StringComparison.Ordinal))))
                    {
                        missing.Add($"{subject}: {token}");
                    }
                }
                else if (PathLike().IsMatch(token))
                {
                    foreach (var path in Alternatives(token))
                    {
                        // A further file of the place before it needs no folder.
                        if (folders.Find(folder => Exists(folder, path)) is { } found)
                        {
                            folders.Add(Path.GetDirectoryName(Path.Combine(found, path))!);
                        }
                        else
                        {
                            missing.Add($"{subject}: {path}");
                        }
                    }
                }
            }
        }

        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    [Fact]
    public void Rooms_of_the_table_are_those_of_the_code_and_know_what_they_may()
    {
        var table = Rows("Rooms").Where(row => row.First.StartsWith('`')).Select(row => (Room: Quoted().Match(row.First).Groups[1].Value, May: row.Third)).Where(row => row.Room != "App").ToList();
        Assert.Equal(DependencyTests.Rooms.Keys.Order(), table.Select(row => row.Room).Order());
        foreach (var (room, may) in table)
        {
            var known = DependencyTests.Rooms[room].Except(["Records", "Diagnostics"]).Order();
            Assert.True(known.SequenceEqual(may.Split(", ").Except(["nothing", "Records"]).Order()), $"{room} may know {string.Join(", ", known)}, and the table says {may}");
        }
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var wrong =
            from file in Files("docs", "*.md").Concat(Directory.GetFiles(Root, "*.md")).Concat(Files("src", "README.md")).Concat(Files("bench", "*.md"))
            from link in Link().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#')
            let target = Path.Combine(Path.GetDirectoryName(file)!, link.Split('#')[0])
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{Path.GetRelativePath(Root, file)}: {link}";
        Assert.Empty(wrong);
    }

    /// <summary>The rows of the tables under a heading: their first three cells.</summary>
    static IEnumerable<(string First, string Second, string Third)> Rows(string heading)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "docs/ARCHITECTURE.md"));
        var rows = lines.SkipWhile(line => line != $"## {heading}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        Assert.NotEmpty(rows);
        return rows.Select(row => row.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).Select(cells => (cells[0], cells[1], cells[2]));
    }

    /// <summary><c>{A,B}Filter.cs</c> is two; <c>{Name}Filter.cs</c> stands for any.</summary>
    static IEnumerable<string> Alternatives(string path) => Choice().Match(path) is not { Success: true } choice
        ? [Placeholder().Replace(path, "*")]
        : choice.Groups[1].Value.Split(',').SelectMany(one => Alternatives(path[..choice.Index] + one + path[(choice.Index + choice.Length)..]));

    static bool Exists(string folder, string path)
    {
        var directory = Path.Combine(Root, folder, Path.GetDirectoryName(path)!);
        return Directory.Exists(directory) && (path.EndsWith('/') || Directory.EnumerateFiles(directory, Path.GetFileName(path)).Any());
    }

    static string[] Files(string folder, string pattern) =>
        Directory.Exists(Path.Combine(Root, folder)) ? Directory.GetFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories) : [];

    static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "puppylog.slnx")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("the tests do not run from within the checkout");
        }

        return directory.FullName;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^([A-Z]\w+)\.([A-Z]\w+)$")]
    private static partial Regex Member();

    [GeneratedRegex(@"(/|\.(cs|md|mjs|sh))$")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"\{(\w+(?:,\w+)+)\}")]
    private static partial Regex Choice();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
