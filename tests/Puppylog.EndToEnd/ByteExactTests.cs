using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

public sealed class ByteExactTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Lines as servers write them on bad days, in the order of their times.</summary>
    static readonly byte[] Odd =
    [
        .. Latin("10.0.0.1 - - [01/Jan/2026:00:00:01 +0000] \"GET /caf\u00e9?q=\u00ff\u00fe HTTP/1.1\" 200 1 \"-\" \"Mozilla/5.0 \u00a9\"\n"),
        .. Latin("2001:db8::1 - \u00fcser [01/Jan/2026:01:00:02 +0100] \"-\" 408 - \"-\" \"-\"\n"),
        .. Latin("host.example - - [01/Jan/2026:00:00:03 +0000] \"\\x16\\x03\\x01\" 400 226 \"-\" \"-\"\n"),
        .. Latin("10.0.0.2 - - [31/Dec/2025:17:00:04 -0700] \"GET /a\\\"b HTTP/1.1\" 200 0012 \"-\" \"say \\\"hi\\\"\"\r\n"),
        .. Latin("10.0.0.3 - - [01/Jan/2026:00:00:05 -0000] \"PURGE /x SPDY/3\" 299 5 \"-\" \"-\" 1234\n"),
    ];

    static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    [Fact]
    public async Task Lines_that_are_not_utf8_come_back_as_they_were()
    {
        File.WriteAllBytes(_directory["odd.log"], Odd);
        var summary = await program.CollectAsync(_directory.Data, _directory["odd.log"], "--format", "auto");
        Assert.Equal((5, 5), (summary.Number("read"), summary.Number("stored")));
        AccessLines.AssertEqual(Odd, await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task Times_replaced_by_now_leave_the_lines_alone()
    {
        File.WriteAllBytes(_directory["odd.log"], Odd);
        await program.CollectAsync(_directory.Data, _directory["odd.log"], "--now");
        AccessLines.AssertSame(Odd, await program.RawAsync(_directory.Data));
        Assert.Equal(5, await program.CountAsync(_directory.Data, "_time:1h"));
    }

    [Fact]
    public async Task Standard_input_is_a_source_and_its_last_line_needs_no_newline()
    {
        var result = (await program.RunAsync(["collect", "-s", "-", "--data", _directory.Data, "-o", "json"], Odd[..^1])).Expect(0);
        Assert.Equal(5, StoreQueries.Json(result.Lines[^1]).Number("stored"));
        AccessLines.AssertEqual(Odd, await program.RawAsync(_directory.Data));
    }

    [Theory]
    [InlineData("systems/linux.log")]
    [InlineData("systems/android.log")]
    [InlineData("nginx_status.jsonl")]
    public async Task Other_logs_come_back_as_they_were(string name)
    {
        var source = Repository.SharedData(name);
        var content = File.ReadAllBytes(source);
        var summary = await program.CollectAsync(_directory.Data, source);
        Assert.Equal(summary.Number("read"), summary.Number("stored"));
        AccessLines.AssertSame(content[^1] == '\n' ? content : [.. content, (byte)'\n'], await program.RawAsync(_directory.Data));
    }
}
