using System.Text;
using Puppylog.App.Cli.Store;
using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Tests.Cli.Store;

public sealed class SourceTextTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-sources-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Path_has_one_row_whatever_files_had_it()
    {
        var path = Written("a.log", 300);
        Assert.True(FileStatus.TryRead(path, out var status));
        Assert.Equal(
            $"""
            sources     1 path
              {path}: 100 B, 7 lines, 200 B to be read; 2 files had this name before

            """,
            Text(Position("file:1:2", path, 5000), Position(status.Identity.Source, path, 100), Position("former:0:" + path, path, 6000)));
    }

    [Fact]
    public void Path_without_a_file_says_how_many_had_it()
    {
        var path = Path.Combine(_directory, "gone.log");
        Assert.Equal($"sources     1 path\n  {path}: 5.0 kB, 7 lines\n", Text(Position("file:1:2", path, 5000)));
        Assert.Equal(
            $"sources     1 path\n  {path}: 2 files that had this name; none has it now\n",
            Text(Position("file:1:2", path, 5000), Position("file:1:3", path, 5000)));
    }

    [Fact]
    public void Same_path_of_an_agent_is_another_one()
    {
        var path = Written("a.log", 100);
        Assert.Equal(
            $"""
            sources     3 paths
              {path}: 5.0 kB, 7 lines
              agent/web-1 {path}: 90 B, 7 lines
              agent/web-2 {path}: 2 files

            """,
            Text(Position("file:1:2", path, 5000), Position("agent/web-1/file:1:2", path, 90), Position("agent/web-2/file:1:2", path, 90), Position("agent/web-2/file:1:3", path, 90)));
    }

    [Fact]
    public void Many_paths_are_cut_short()
    {
        var lines = Text([.. Enumerable.Range(0, 25).Select(number => Position($"file:1:{number}", $"/logs/{number}\u001b.log", 10))]).Split('\n');
        Assert.Equal("sources     25 paths", lines[0]);
        Assert.Equal(@"  /logs/0\x1b.log: 10 B, 7 lines", lines[1]);
        Assert.Equal("  and 5 more: -o json", lines[21]);
    }

    string Written(string name, int length)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, new string('a', length - 1) + "\n");
        return path;
    }

    static SourcePosition Position(string source, string path, long offset) => new(source, 0, offset, 7, path, 0, 0);

    static string Text(params SourcePosition[] positions)
    {
        var text = new StringBuilder();
        SourceText.Add(text, positions);
        return text.ToString();
    }
}
