using System.Text;
using Puppylog.Parsing;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Tests.Pipeline;
using Puppylog.Tests.Storage.Blocks;

namespace Puppylog.Tests.Processing;

/// <summary>Lines need not be stored beside their fields, also where fields are renamed, removed or redacted.</summary>
public sealed class DerivedLinesTests
{
    static readonly string[] Access =
        [.. Enumerable.Range(1, 200).Select(i => $"10.0.{i}.{i} - - [10/Oct/2000:13:55:36 -0700] \"GET /s{i % 9}/p?q={i} HTTP/1.1\" 200 {i} \"-\" \"agent {i % 5}\"")];

    static readonly string[] Json = [.. Enumerable.Range(1, 200).Select(i => $$"""{"level":"info","text":"hello {{i}}","user":"u{{i % 7}}","n":{{i}}}""")];

    [Fact]
    public void Access_log_stays_derived()
    {
        var view = Store("combined", Access, [new RenameOptions("route", "target"), new RemoveOptions(["user_agent", "section"]), new AddOptions("team", "shop")], out var lines);
        Assert.Equal(ColumnEncoding.Line, view.Entries.Single(entry => entry.Name == "_raw").Encoding);
        Assert.Equal(Access, lines);
        Assert.Equal(["_msg", "_time", "bytes", "host", "method", "path", "protocol", "status", "target", "team"], view.FieldNames.Append("_time").Order(StringComparer.Ordinal));
        Assert.Equal("/s3/p", Encoding.UTF8.GetString(view.Column("path")!.Value(2)));
        Assert.Equal("/s3/p?q=3", Encoding.UTF8.GetString(view.Column("target")!.Value(2)));
        Assert.Null(view.Column("section"));
    }

    [Fact]
    public void Json_stays_derived_and_its_message_can_be_named()
    {
        var view = Store("json", Json, [new RenameOptions("text", "_msg"), new RenameOptions("user", "who"), new RemoveOptions(["n"])], out var lines);
        Assert.Contains(view.Entries.Single(entry => entry.Name == "_raw").Encoding, new[] { ColumnEncoding.LearnedLine, ColumnEncoding.Line });
        Assert.Equal(Json, lines);
        Assert.Equal(["_msg", "level", "who"], view.FieldNames.Order(StringComparer.Ordinal));
        Assert.Equal("hello 3", Encoding.UTF8.GetString(view.Column("_msg")!.Value(2)));
    }

    [Fact]
    public void Redacted_access_log_stays_derived()
    {
        var view = Store("combined", Access, [new RedactOptions { Detectors = ["ip"] }], out var lines);
        Assert.Equal(ColumnEncoding.Line, view.Entries.Single(entry => entry.Name == "_raw").Encoding);
        Assert.Equal(Access.Select((line, i) => line.Replace($"10.0.{i + 1}.{i + 1} ", $"10.0.{i + 1}.0 ", StringComparison.Ordinal)), lines);
        Assert.Equal("10.0.3.0", Encoding.UTF8.GetString(view.Column("host")!.Value(2)));
    }

    static BlockView Store(string format, string[] input, ProcessorOptions[] options, out List<string> lines)
    {
        var chain = new ProcessorChain(options, new PlayedClock());
        var parser = LineParsers.Create(format, false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        foreach (var line in input)
        {
            ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(line);
            Assert.True(parser.TryParse(batch.Append(chain.Redactor is { } redactor ? redactor.Redact(bytes) : bytes), out var reason), reason);
        }

        chain.Apply(batch);
        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        lines = [.. Enumerable.Range(0, view.Count).Select(row => Encoding.UTF8.GetString(view.Column("_raw")!.Value(row)))];
        return view;
    }
}
