using System.Text;
using Puppylog.App.Cli;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Tests.Query.Execution;

namespace Puppylog.Tests.Cli;

public sealed class ResultWriterTests
{
    static readonly TestBlock[] Blocks =
    [
        new([
            TestRecords.Record(0, "_msg=GET status=500 _raw=raw1 _stream={a=\"b\"}"),
            TestRecords.Record(1.5, "_msg=one level=error n=7 _raw=raw2"),
        ]),
    ];

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain ~ 0x7f", "\"plain ~ 0x7f\"")]
    [InlineData("a\"b\\c/d", "\"a\\\"b\\\\c/d\"")]
    [InlineData("\r\n\t\0\u001b\u001f", "\"\\r\\n\\t\\u0000\\u001b\\u001f\"")]
    [InlineData("grüß 🐕 \u2028", "\"grüß 🐕 \u2028\"")]
    [InlineData("b:ff61c3", "\"\uFFFDa\uFFFD\"")]
    [InlineData("b:eda080", "\"\uFFFD\uFFFD\uFFFD\"")]
    [InlineData("b:f09f90", "\"\uFFFD\"")]
    public void Any_bytes_become_a_json_string(string value, string expected)
    {
        var bytes = value.StartsWith("b:", StringComparison.Ordinal) ? Convert.FromHexString(value[2..]) : Encoding.UTF8.GetBytes(value);
        var text = Print(output => output.WriteString(bytes));
        Assert.Equal(expected, text);
        Assert.NotNull(System.Text.Json.JsonDocument.Parse(text));
    }

    [Theory]
    [InlineData("*", "{\"_time\":\"2027-01-15T08:00:00Z\",\"_stream_id\":\"ID\",\"_stream\":\"{a=\\\"b\\\"}\",\"_msg\":\"GET\",\"status\":\"500\"}\n{\"_time\":\"2027-01-15T08:00:01.500Z\",\"_msg\":\"one\",\"level\":\"error\",\"n\":\"7\"}\n")]
    [InlineData("* | fields n, _time, _raw", "{\"_time\":\"2027-01-15T08:00:00Z\",\"_raw\":\"raw1\"}\n{\"n\":\"7\",\"_time\":\"2027-01-15T08:00:01.500Z\",\"_raw\":\"raw2\"}\n")]
    [InlineData("* | delete _stream, _time, _msg | sort by (n desc)", "{\"level\":\"error\",\"n\":\"7\"}\n{\"status\":\"500\"}\n")]
    [InlineData("* | stats by (_time:1m) count() n, max(status) m", "{\"_time\":\"2027-01-15T08:00:00Z\",\"n\":\"2\",\"m\":\"500\"}\n")]
    public void Json_is_an_object_a_line(string query, string expected)
    {
        var text = Run(query, output => new JsonResultWriter(output));
        Assert.Equal(expected.Replace("ID", "0000000000000000" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{a=\"b\"}"u8))[..32], StringComparison.Ordinal), text);
    }

    [Theory]
    [InlineData("*", "raw1\nraw2\n")]
    [InlineData("* | sort by (_time desc) | limit 1", "raw2\n")]
    [InlineData("* | sort by (level) | delete status", "raw1\nraw2\n")]
    public void Raw_is_the_lines(string query, string expected) => Assert.Equal(expected, Run(query, output => new RawResultWriter(output)));

    [Fact]
    public void Raw_of_results_without_lines_is_refused() =>
        Assert.Contains("no original lines", Assert.Throws<UsageException>(() => Run("* | stats count()", output => new RawResultWriter(output))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, false, "2027-01-15T08:00:00Z  GET\n2027-01-15T08:00:01.500Z  error  one\n")]
    [InlineData(true, true, "\e[2m2027-01-15T08:00:00Z\e[0m  \e[31mGET\e[0m\n\e[2m2027-01-15T08:00:01.500Z\e[0m  \e[31merror\e[0m  one\n")]
    public void Text_is_time_level_and_message(bool isTerminal, bool colours, string expected) =>
        Assert.Equal(expected, Run("*", output => new TextResultWriter(output, new Terminal(output, isTerminal, colours))));

    [Fact]
    public void Computed_results_are_a_table()
    {
        var text = Run("* | stats by (status) count() hits, min(_msg) as first", output => new TableResultWriter(output, new Terminal(output, false, false)));
        Assert.Equal("status  hits  first\n           1  one\n   500     1  GET\n", text);
    }

    [Fact]
    public void Control_characters_do_not_reach_a_terminal()
    {
        var shown = Print(output => new Terminal(output, true, true).Write("a\e[31m\u009bx\tb\nc\r"u8));
        Assert.Equal("a\\x1b[31m\\xc2\\x9bx\tb\n    c\\x0d", shown);
        Assert.Equal("\\xff", Print(output => new Terminal(output, true, true).Write([0xff])));
        Assert.Equal("a\\xe2\\x80\\xaeb", Print(output => new Terminal(output, true, true).Write("a\u202eb"u8)));
        Assert.Equal("\e[31m", Print(output => new Terminal(output, false, false).Write("\e[31m"u8)));
    }

    [Fact]
    public void Reader_that_has_gone_away_ends_the_output()
    {
        var output = new OutputBuffer(new BrokenStream());
        var writer = new RawResultWriter(output);
        var view = new ResultView(1, isRecords: true).Add(FieldNames.Raw, new ConstantVector(1, new byte[1 << 20]));
        Assert.False(writer.Write(view, [0]));
        Assert.True(output.IsClosed);
        writer.Complete();
    }

    [Theory]
    [InlineData("5m", -300)]
    [InlineData("1h30m", -5400)]
    [InlineData("2d", -172_800)]
    [InlineData("2027-01-15T08:00:00Z", 0)]
    [InlineData("2027-01-15 09:00:01+01:00", 1)]
    [InlineData("2027-01-15", -28_800)]
    public void Time_bounds_are_durations_times_and_dates(string text, long seconds)
    {
        Assert.True(TimeBound.TryParse(text, TestRecords.Start, out var time));
        Assert.Equal(seconds, (time - TestRecords.Start) / Timestamps.Second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("yesterday")]
    [InlineData("5KB")]
    [InlineData("2027-13-01")]
    [InlineData("2027-01-15T08:00:00Zx")]
    public void Other_time_bounds_are_refused(string text) => Assert.False(TimeBound.TryParse(text, TestRecords.Start, out _));

    static string Run(string query, Func<OutputBuffer, ResultWriter> create) => Print(output =>
    {
        var writer = create(output);
        var run = new QueryRun(QueryParser.Parse(query, 0), writer, CancellationToken.None);
        foreach (var block in Blocks)
        {
            run.Add(block);
        }

        run.Finish();
        writer.Complete();
        Assert.True(writer.HasRows);
    });

    static string Print(Action<OutputBuffer> print)
    {
        var stream = new MemoryStream();
        var output = new OutputBuffer(stream);
        print(output);
        output.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    sealed class BrokenStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");
    }
}
