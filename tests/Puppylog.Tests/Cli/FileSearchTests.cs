using System.IO.Compression;
using System.Text;
using Puppylog.App.Cli.Search;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Query;
using Puppylog.Records;

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

    [Fact]
    public async Task Lines_are_joined_to_records_as_collect_joins_them()
    {
        const string Log = "2026-11-21 14:00:05,000 ERROR [main] Shop: no\njava.io.IOException: x\n\tat a.b.c(D.java:1)\n2026-11-21 14:00:06,000 INFO [main] Shop: yes";
        var file = File("log4j", Log + "\n");
        Assert.Equal(Log[..Log.LastIndexOf('\n')] + "\n", (await SearchAsync("IOException", "raw", null, file)).Text);
        Assert.Equal("{\"level\":\"error\"}\n", (await SearchAsync("IOException | fields level", "json", null, file)).Text);
        Assert.Equal("java.io.IOException: x\n", (await SearchAsync(new LineFormat("auto", JoinRule.Off), "IOException", "raw", null, file)).Text);
        Assert.Equal("2026-11-21 14:00:05,000 ERROR [main] Shop: no\njava.io.IOException: x\n", (await SearchAsync(new LineFormat("text", JoinRule.ContinuingWith("^java")), "IOException", "raw", null, file)).Text);
    }

    [Fact]
    public async Task Every_line_is_in_a_record_however_many_there_are()
    {
        var records = Enumerable.Range(0, 100_000).Select(i => $"{i}" + string.Concat(Enumerable.Repeat("\n  more", i % 3))).ToArray();
        var (text, _) = await SearchAsync(new LineFormat("text", JoinRule.Parse("indent")), "*", "raw", null, File("a", string.Join('\n', records)));
        Assert.Equal(string.Join('\n', records) + "\n", text);
        Assert.Equal("{\"n\":\"100000\"}\n", (await SearchAsync(new LineFormat("text", JoinRule.Parse("indent")), "* | stats count() n", "json", null, File("a", string.Join('\n', records)))).Text);
        Assert.Equal("{\"n\":\"199999\"}\n", (await SearchAsync(new LineFormat("text", JoinRule.Off), "* | stats count() n", "json", null, File("a", string.Join('\n', records)))).Text);
    }

    [Fact]
    public void Number_of_a_line_that_is_left_out_counts_the_lines_of_records()
    {
        var batches = Batches("{\"a\":1}\n1.2.3.4 - -\n", new("clf", JoinRule.ContinuingWith("^1")));
        RecordBatch? batch = null;
        Assert.False(batches.Read(ref batch));
        Assert.Equal((1, 1), (batches.Invalid, batches.FirstInvalid.Line));
        batches = Batches("x\n y\nz\n", new("clf", JoinRule.Parse("indent")));
        Assert.False(batches.Read(ref batch));
        Assert.Equal((2, 1), (batches.Invalid, batches.FirstInvalid.Line));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Text_with_a_byte_order_mark_is_searched_as_text(string encoding)
    {
        const string Log = "2026-11-21 14:00:05 ERROR größer 😀\n  rest ਊ\n2026-11-21 14:00:06 INFO ok";
        var bytes = Encoding.GetEncoding(encoding).GetPreamble().Concat(Encoding.GetEncoding(encoding).GetBytes(Log + "\n")).ToArray();
        foreach (var name in new[] { "a.log", "a.log.gz" })
        {
            Assert.Equal(Log[..Log.LastIndexOf('\n')] + "\n", (await SearchAsync("größer 😀", "raw", null, Write(name, bytes))).Text);
            Assert.Equal("{\"level\":\"error\"}\n{\"level\":\"info\"}\n", (await SearchAsync("* | fields level", "json", null, Write(name, bytes))).Text);
        }
    }

    [Fact]
    public async Task Format_that_is_named_is_taken()
    {
        var file = File("a", "k=v\n{\"a\":1}\n");
        Assert.Equal("{\"_msg\":\"k=v\"}\n{\"_msg\":\"{\\\"a\\\":1}\"}\n", (await SearchAsync(new LineFormat("text", JoinRule.Auto), "* | fields _msg", "json", null, file)).Text);
        Assert.Equal("{\"k\":\"v\"}\n", (await SearchAsync(new LineFormat("logfmt", JoinRule.Auto), "k:v | fields k", "json", null, file)).Text);
        Assert.Equal("{\"k\":\"k\"}\n", (await SearchAsync(new LineFormat("pattern:{k}={v}", JoinRule.Auto), "k:k | fields k", "json", null, file)).Text);
    }

    [Fact]
    public void Pieces_in_which_a_stream_gives_itself_do_not_matter()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}{new string('x', i * 7 % 300)}\n" + (i % 4 == 0 ? "  more ä\n" : "")));
        var expected = Records(Batches(text, new("text", JoinRule.Parse("indent"))));
        Assert.Equal(300, expected.Count);
        foreach (var most in new[] { 1, 7, 4096 })
        {
            Assert.Equal(expected, Records(new(new Trickle(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(text)).ToArray(), most), "a", new("text", JoinRule.Parse("indent")), 0)));
        }
    }

    static List<string> Records(LineBatches batches)
    {
        using (batches)
        {
            var records = new List<string>();
            RecordBatch? batch = null;
            while (batches.Read(ref batch))
            {
                records.AddRange(Enumerable.Range(0, batch!.Count).Select(row => Encoding.UTF8.GetString(batch.Value(batch.Lines[row]))));
            }

            return records;
        }
    }

    static LineBatches Batches(string text, LineFormat format) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a", format, 0);

    Task<(string Text, bool Readable)> SearchAsync(string query, string format, long? limit, params string[] files) => SearchAsync(LineFormat.Automatic, query, format, limit, files);

    async Task<(string Text, bool Readable)> SearchAsync(LineFormat lines, string query, string format, long? limit, params string[] files)
    {
        var stream = new MemoryStream();
        var output = new OutputBuffer(stream);
        var request = new SearchRequest(QueryParser.Parse(query, 0), format, limit, Follow: false);
        var readable = await FileSearch.RunAsync(request, files, lines, request.CreateWriter(output), TimeProvider.System, TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(stream.ToArray()), readable);
    }

    string File(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    string Write(string name, byte[] content)
    {
        var path = Path.Combine(_directory, name);
        using Stream target = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(System.IO.File.Create(path), CompressionLevel.Fastest) : System.IO.File.Create(path);
        target.Write(content);
        return path;
    }

    /// <summary>Gives a few bytes at a time.</summary>
    sealed class Trickle(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
