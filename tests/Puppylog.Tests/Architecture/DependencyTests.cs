using Puppylog.Records;

namespace Puppylog.Tests.Architecture;

/// <summary>The arrows of docs/ARCHITECTURE.md, read from the built assemblies.</summary>
public sealed class DependencyTests
{
    /// <summary>Room ⇶ the rooms that it may know. A room that is not here must not exist.</summary>
    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Records"] = [],
        ["Diagnostics"] = [],
        ["Sources"] = ["Records", "Diagnostics"],
        ["Parsing"] = ["Records", "Diagnostics"],
        ["Query"] = ["Records", "Diagnostics", "Parsing"],
        ["Generation"] = ["Records", "Diagnostics"],
        ["Intake"] = ["Records", "Diagnostics", "Parsing", "Processing"],
        ["Storage"] = ["Records", "Diagnostics", "Query"],
        ["Processing"] = ["Records", "Diagnostics", "Query"],
        ["Pipeline"] = ["Records", "Diagnostics", "Sources", "Parsing", "Storage", "Processing"],
        ["Forwarding"] = ["Records", "Diagnostics", "Sources", "Query", "Storage"],
        ["Metrics"] = ["Records", "Diagnostics", "Query", "Storage"],
        ["Alerts"] = ["Records", "Diagnostics", "Query", "Storage", "Metrics"],
        ["Configuration"] = ["Records", "Diagnostics", "Sources", "Parsing", "Query", "Storage", "Processing", "Pipeline", "Forwarding", "Metrics", "Alerts"],
    };

    /// <summary>Driver assembly ⇶ the one folder that names its types.</summary>
    static readonly Dictionary<string, string> Drivers = new()
    {
        ["Microsoft.Data.Sqlite"] = "Puppylog.Storage.Embedded",
        ["SQLitePCLRaw"] = "Puppylog.Storage.Embedded",
        ["System.Data.Common"] = "Puppylog.Storage",
        ["YamlDotNet"] = "Puppylog.Configuration.Yaml",
        ["Npgsql"] = "Puppylog.Storage.Postgres",
    };

    /// <summary>What belongs to the executable alone.</summary>
    static readonly string[] ForeignToLibrary = ["Microsoft.AspNetCore", "Spectre.", "System.CommandLine", "System.Console"];

    /// <summary>For who compares them with what is written.</summary>
    internal static IReadOnlyDictionary<string, string[]> Rooms => Arrows;

    static string Library => Path.Combine(AppContext.BaseDirectory, "Puppylog.Core.dll");

    static string Executable => Path.Combine(AppContext.BaseDirectory, "puppylog.dll");

    [Fact]
    public void Arrows_between_rooms_point_one_way()
    {
        using var reader = new TypeReferenceReader(Library);
        var wrong =
            from entry in reader.ReadAll()
            let room = entry.From.Room
            where room is not null
            from to in entry.To
            where to.Room is not null && to.Room != room && !(Arrows.TryGetValue(room, out var known) && known.Contains(to.Room))
            select $"{entry.From} → {to}";
        AssertNone(wrong);
    }

    [Fact]
    public void Every_room_has_its_arrows_named_here()
    {
        using var reader = new TypeReferenceReader(Library);
        AssertNone(reader.ReadAll().Select(entry => entry.From).Where(type => type.Room is { } room && !Arrows.ContainsKey(room)).Select(type => type.ToString()));
    }

    [Fact]
    public void Arrows_have_no_cycle()
    {
        var done = new HashSet<string>();
        while (Arrows.Keys.FirstOrDefault(room => !done.Contains(room) && Arrows[room].All(done.Contains)) is { } next)
        {
            done.Add(next);
        }

        Assert.Equal(Arrows.Keys.Order(), done.Order());
    }

    [Fact]
    public void Library_knows_neither_web_nor_terminal()
    {
        using var reader = new TypeReferenceReader(Library);
        Assert.DoesNotContain(reader.AssemblyReferences, name => ForeignToLibrary.Any(foreign => name.StartsWith(foreign, StringComparison.Ordinal)));
    }

    [Fact]
    public void Drivers_stay_in_their_folder()
    {
        using var reader = new TypeReferenceReader(Library);
        var wrong =
            from entry in reader.ReadAll()
            from to in entry.To
            from driver in Drivers
            where to.Assembly.StartsWith(driver.Key, StringComparison.Ordinal) && !entry.From.Namespace.StartsWith(driver.Value, StringComparison.Ordinal)
            select $"{entry.From} → {to}";
        AssertNone(wrong);
    }

    [Fact]
    public void Executable_names_no_driver()
    {
        using var reader = new TypeReferenceReader(Executable);
        Assert.DoesNotContain(reader.AssemblyReferences, name => Drivers.Keys.Any(driver => name.StartsWith(driver, StringComparison.Ordinal)));
    }

    /// <summary>The reader itself: this method's body is the only place here that names a batch, and nothing of it is in a signature.</summary>
    [Fact]
    public void References_in_method_bodies_are_seen()
    {
        Assert.Equal(0, new RecordBatch(RecordShape.Plain).Count);
        using var reader = new TypeReferenceReader(typeof(DependencyTests).Assembly.Location);
        var seen = reader.ReadAll().Where(entry => entry.From.Name == nameof(DependencyTests)).SelectMany(entry => entry.To);
        Assert.Contains(new NamedType("Puppylog.Core", "Puppylog.Records", nameof(RecordBatch)), seen);
    }

    static void AssertNone(IEnumerable<string> wrong)
    {
        var rows = wrong.Distinct().Order().ToList();
        Assert.True(rows.Count == 0, string.Join('\n', rows));
    }
}
