using System.Globalization;
using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Postgres;
using Puppylog.Tests.Storage.Embedded;
using Puppylog.Tests.Storage.Postgres.Servers;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>What PostgreSQL holds otherwise than other stores, or not at all.</summary>
public sealed class HostileContentTests(SharedPostgres postgres) : PostgresTest(postgres)
{
    [Fact]
    public async Task Lines_come_back_byte_for_byte_whatever_is_in_them()
    {
        byte[][] lines =
        [
            [], [0], [0, 0, 65], [0xFF, 0xFE], "a\0b"u8.ToArray(), [0xE2, 0x82], "\r"u8.ToArray(), "'; DROP TABLE logs; --"u8.ToArray(), "\\x41\\N"u8.ToArray(),
            "\uFFFD"u8.ToArray(), Encoding.UTF8.GetBytes(new string('ä', 500_000)), [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
        ];
        var batch = new RecordBatch(RecordShape.Plain);
        foreach (var line in lines)
        {
            var span = batch.Append(line);
            batch.Add(Day0, span, span, 0);
        }

        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(batch), Cancellation);

        var sink = new ByteSink();
        await store.QueryAsync(Puppylog.Query.QueryParser.Parse("*", 0), sink, Cancellation);
        Assert.Equal(lines.Select(Convert.ToHexString), sink.Lines.Select(Convert.ToHexString));
        Assert.Equal(lines.Select(Convert.ToHexString), sink.Messages.Select(Convert.ToHexString));
        Assert.Equal(6, store.Replaced);
    }

    [Theory]
    [InlineData(ValueKind.Number, "1e999999")]
    [InlineData(ValueKind.Number, "NaN")]
    [InlineData(ValueKind.Number, "007")]
    [InlineData(ValueKind.Number, "-0.50")]
    [InlineData(ValueKind.Boolean, "TRUE")]
    [InlineData(ValueKind.Json, "[1,\"\\u0000\"]")]
    [InlineData(ValueKind.Json, "[\"\\ud800\"]")]
    [InlineData(ValueKind.Json, "[\"\\ud83d\\ude00x\"]", "[\"😀x\"]")]
    [InlineData(ValueKind.Json, "[1,")]
    [InlineData(ValueKind.Json, "[1e5,{\"b\":1,\"a\":[ ]}]", "[100000,{\"a\":[],\"b\":1}]")]
    [InlineData(ValueKind.Json, "{}")]
    [InlineData(ValueKind.Text, "quote \" backslash \\ line\n tab\t bell\a'")]
    [InlineData(ValueKind.Text, "")]
    internal async Task Value_of_any_kind_is_stored(ValueKind kind, string value, string? read = null)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(WithField("odd", value, kind)), Cancellation);
        Assert.Equal([$"odd={read ?? value}"], await RowsAsync(store, "*", "odd"));
    }

    [Fact]
    public async Task Deep_arrays_and_names_with_many_dots_are_stored()
    {
        var deep = new string('[', 50_000) + new string(']', 50_000);
        var dots = string.Join('.', Enumerable.Repeat("a", 5_000));
        await using var store = await OpenAsync();
        var batch = WithField("deep", deep, ValueKind.Json);
        batch.Column(dots).Set(0, batch.Append("1"u8), ValueKind.Number);
        await store.CommitAsync(Commit(batch), Cancellation);
        Assert.Equal([$"{dots}=1 deep={deep}"], await RowsAsync(store, "*", "deep", dots));
    }

    [Fact]
    public async Task Values_that_a_column_does_not_give_back_are_in_data()
    {
        await using var store = await OpenAsync();
        var application = new string('x', 1 << 20);
        var batch = WithField(FieldNames.Status, "0200", ValueKind.Text);
        Set(batch, FieldNames.Bytes, "99999999999999999999");
        Set(batch, FieldNames.Duration, "0.50");
        Set(batch, FieldNames.ApplicationName, application);
        Set(batch, FieldNames.TraceId, application);
        await store.CommitAsync(Commit(batch), Cancellation);

        Assert.Equal(
            [$"application_name={application} bytes=99999999999999999999 duration=0.50 status=0200 trace_id={application}"],
            await RowsAsync(store, "*", FieldNames.Status, FieldNames.Bytes, FieldNames.Duration, FieldNames.ApplicationName, FieldNames.TraceId));
        Assert.Equal("0200|0.50||", await SqlAsync("SELECT data ->> 'status', data ->> 'duration', application_name, status FROM logs"));
    }

    [Fact]
    public async Task Fields_are_nested_as_they_were()
    {
        await using var store = await OpenAsync();
        var batch = WithField("user.id", "7", ValueKind.Number);
        Set(batch, "user.name", "ann");
        Set(batch, "data.status_code", "500");
        Set(batch, "both", "1");
        Set(batch, "both.x", "2");
        Set(batch, "data.trace_id", "t9");
        await store.CommitAsync(Commit(batch), Cancellation);

        Assert.Equal(
            """{"both": "1", "user": {"id": 7, "name": "ann"}, "both.x": "2", "trace_id": "t9", "status_code": "500"}""",
            await SqlAsync("SELECT data FROM logs"));
        Assert.Equal(["both.x=2 both=1 status_code=500 trace_id=t9 user.id=7 user.name=ann"], (await RowsAsync(store, "trace_id:=t9")).Select(WithoutMessage));
        Assert.Single(await RowsAsync(store, "data.status_code:500"));
        Assert.Single(await RowsAsync(store, "status_code:500"));
    }

    [Fact]
    public async Task Times_are_kept_to_the_nanosecond_from_end_to_end()
    {
        long[] times = [long.MinValue, -1, 0, 1, Day0 + 123_456_789, long.MaxValue];
        var batch = new RecordBatch(RecordShape.Plain);
        foreach (var time in times)
        {
            Add(batch, time, time.ToString(CultureInfo.InvariantCulture));
        }

        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(batch), Cancellation);
        var sink = new ByteSink();
        await store.QueryAsync(Puppylog.Query.QueryParser.Parse("*", 0), sink, Cancellation);
        Assert.Equal(times, sink.Times);
        Assert.Equal([$"{Day0 + 123_456_789}"], (await RowsAsync(store, "_time:2026-11-21", FieldNames.Message)).Select(row => row["_msg=".Length..]));
    }

    static string WithoutMessage(string row) => string.Join(' ', row.Split(' ').Where(part => !part.StartsWith("_msg=", StringComparison.Ordinal)));

    static RecordBatch WithField(string name, string value, ValueKind kind)
    {
        var batch = Batch("line");
        batch.Column(name).Set(0, batch.Append(Encoding.UTF8.GetBytes(value)), kind);
        return batch;
    }

    static void Set(RecordBatch batch, string name, string value) => batch.Column(name).Set(0, batch.Append(Encoding.UTF8.GetBytes(value)));
}
