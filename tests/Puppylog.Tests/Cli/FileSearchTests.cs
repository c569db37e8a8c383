using System.IO.Compression;
using System.Text;
using Puppylog.App.Cli.Search;
using Puppylog.Query;

namespace Puppylog.Tests.Cli;

public sealed class FileSearchTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-search-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Lines_come_back_as_they_stand_in_the_files()
    {
        var (text, readable) = await SearchAsync("*", "raw", null, File("a", "one\ntwo\r\n\n\nthree"), File("b.gz", "four\n\u00fffive\n"));
        Assert.Equal("one\ntwo\r\nthree\nfour\n\u00fffive\n", text);
        Assert.True(readable);
    }

    [Fact]
    public async Task Lines_that_collect_would_refuse_are_left_out()
    {
        const string Line = "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1";
        var (text, readable) = await SearchAsync("*", "raw", null, File("access", $"{Line}\n{Line.Replace("HTTP/1.1\"", "")}\n{Line}\n"), File("json", "{\"a\":1}\nno json\n{\"a\":2}\n"));
        Assert.Equal($"{Line}\n{Line}\n{{\"a\":1}}\nno json\n{{\"a\":2}}\n", text);
        Assert.True(readable);
    }

    [Fact]
    public async Task Lines_of_any_length_are_read_whole()
    {
        var lines = Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), i * 60_000)).Where(line => line.Length > 0).ToArray();
        var (text, _) = await SearchAsync("*", "raw", null, File("long", string.Join('\n', lines)));
        Assert.Equal(string.Join('\n', lines) + "\n", text);
    }

    [Fact]
    public async Task Missing_and_broken_files_are_named_and_the_others_searched()
    {
        var broken = Path.Combine(_directory, "broken.gz");
        System.IO.File.WriteAllText(broken, "no gzip");
        var (text, readable) = await SearchAsync("*", "raw", null, Path.Combine(_directory, "missing"), _directory, broken, File("b", "found\n"));
        Assert.Equal("found\n", text);
        Assert.False(readable);
    }

    [Fact]
    public async Task Limit_takes_the_last_of_lines_without_times_and_the_first_of_computed_rows()
    {
        var file = File("a", string.Join('\n', Enumerable.Range(0, 100_000)));
        Assert.Equal("99998\n99999\n", (await SearchAsync("*", "raw", 2, file)).Text);
        Assert.Equal("{\"_msg\":\"99999\"}\n", (await SearchAsync("* | fields _msg", "json", 1, file)).Text);
        Assert.Equal("{\"_msg\":\"0\",\"hits\":\"1\"}\n", (await SearchAsync("* | top 5 by (_msg)", "json", 1, file)).Text);
    }

    [Fact]
    public async Task Lines_carry_the_name_of_their_file()
    {
        var file = File("a", "x\n");
        Assert.Equal($"{{\"file_path\":\"{file}\"}}\n", (await SearchAsync("* | fields file_path", "json", null, file)).Text);
    }

    async Task<(string Text, bool Readable)> SearchAsync(string query, string format, long? limit, params string[] files)
    {
        var stream = new MemoryStream();
        var output = new OutputBuffer(stream);
        var request = new SearchRequest(QueryParser.Parse(query, 0), format, limit, Follow: false);
        var readable = await FileSearch.RunAsync(request, files, request.CreateWriter(output), TimeProvider.System, TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(stream.ToArray()), readable);
    }

    string File(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        using Stream target = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(System.IO.File.Create(path), CompressionLevel.Fastest) : System.IO.File.Create(path);
        target.Write(Encoding.UTF8.GetBytes(content));
        return path;
    }
}
