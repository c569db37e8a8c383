using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

public sealed class ExportLineParserTests
{
    [Theory]
    [InlineData("""{"_time":"2026-11-21T10:00:00.000000001Z","_msg":"hello"}""", "hello", "hello", "")]
    [InlineData("""{"_time":"2026-11-21T10:00:00Z","_msg":"m","_raw":"the line","a":"1","_stream":"{a=\"1\"}","_stream_id":"00"}""", "m", "the line", "_stream={a=\"1\"} a=1")]
    [InlineData("""{"_time":"2026-11-21T10:00:00Z","_raw":"the line","empty":""}""", "", "the line", "empty=")]
    [InlineData("""{"_time":"2026-11-21T10:00:00Z","_msg":"m","n":1.50,"b":true,"z":null,"l":[1, 2],"o":{"p":{"q":"r"},"e":{}}}""", "m", "m", "n=1.50 b=true z=null l=[1, 2] o.p.q=r o.e={}")]
    [InlineData("""{"_time":"2026-11-21T10:00:00Z","_base64":{"_raw":"/wA=","x":"gA=="},"_msg":"\u00e9\n"}""", "é\n", "\u00ff\0", "x=\u0080")]
    [InlineData("""{"_time":1763719200123456789,"message":"not ours"}""", "", """{"_time":1763719200123456789,"message":"not ours"}""", "message=not ours")]
    public void Line_becomes_the_record_that_was_exported(string line, string message, string raw, string fields)
    {
        var batch = Parse(Encoding.UTF8.GetBytes(line), out var reason);
        Assert.Null(reason);
        Assert.Equal(message, Encoding.UTF8.GetString(batch.Value(batch.Messages[0])));
        Assert.Equal(raw, Text(batch.Value(batch.Lines[0])));
        Assert.Equal(fields, string.Join(' ', batch.Columns.Where(column => !column.Span(0).IsAbsent).Select(column => $"{column.Name}={Text(batch.Value(column.Span(0)))}")));
    }

    [Theory]
    [InlineData("", "expected a JSON object")]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("{\"_time\":\"2026-11-21T10:00:00Z\"", "expected a JSON object")]
    [InlineData("{\"_time\":\"2026-11-21T10:00:00Z\"} x", "expected a JSON object")]
    [InlineData("{\"_msg\":\"m\"}", "there is no _time; other JSON logs are read by 'puppylog collect --format json'")]
    public void Line_that_is_no_export_is_refused(string line, string expected)
    {
        var batch = Parse(Encoding.UTF8.GetBytes(line), out var reason);
        Assert.Equal(expected, reason);
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void Times_keep_their_nanoseconds() =>
        Assert.Equal(1_763_719_200_123_456_789, Parse("""{"_time":"2025-11-21T10:00:00.123456789Z"}"""u8.ToArray(), out _).Times[0]);

    [Fact]
    public void Whatever_the_bytes_nothing_is_thrown() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var line = """{"_time":"2026-11-21T10:00:00Z","_msg":"a\u00e9\ud800","_raw":"l","x":{"y":[1,{"z":"\n"}]},"_base64":{"k":"AAE=","\u0041":"!"},"n":-1.5e3}"""u8.ToArray();
            for (var changes = random.Next(6); changes >= 0; changes--)
            {
                line[random.Next(line.Length)] = (byte)random.Next(256);
            }

            Parse(line.AsSpan(0, random.Next(4) == 0 ? random.Next(line.Length) : line.Length).ToArray(), out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    static RecordBatch Parse(byte[] line, out string? reason)
    {
        var parser = new ExportLineParser();
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        Assert.Equal(parser.TryParse(batch.Append(line), out reason), reason is null);
        return batch;
    }

    static string Text(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
}
