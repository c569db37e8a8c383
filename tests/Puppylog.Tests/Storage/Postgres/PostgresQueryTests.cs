using System.Text;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Storage.Embedded;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>Queries on PostgreSQL against a naive oracle, and beside the embedded store.</summary>
public sealed class PostgresQueryTests(SharedPostgres postgres) : PostgresTest(postgres)
{
    [Fact]
    public async Task Filter_finds_what_its_plain_meaning_finds()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var store = await OpenAsync();
        for (var run = 0; run < 12; run++)
        {
            await SqlAsync("TRUNCATE logs");
            await StoredQueryTests.CheckAsync(random, store);
        }
    }

    [Theory]
    [InlineData("*")]
    [InlineData("* | sort by (_time desc) | limit 7")]
    [InlineData("* | sort by (_time desc) | limit 7 | sort by (_time)")]
    [InlineData("GET | sort by (_time desc) | limit 3 | fields _time, route")]
    [InlineData("nothing | sort by (_time desc) | limit 3")]
    [InlineData("section:=/a | fields _msg")]
    [InlineData("path:=/a/b")]
    [InlineData("status:=200 or level:=error")]
    [InlineData("status:in(200, 404)")]
    [InlineData("!GET")]
    [InlineData("status:>=404 | stats count() n")]
    [InlineData("* | stats by (status) count() n, sum(bytes) b, max(duration) m, quantile(0.5, bytes) q | sort by (status)")]
    [InlineData("* | stats by (_time:1m) count() n")]
    [InlineData("* | top 3 by (section)")]
    [InlineData("* | uniq by (user.id) | sort by (user.id)")]
    [InlineData("trace_id:=t3")]
    [InlineData("trace_id:*")]
    [InlineData("application_name:=\"\" | stats count() n")]
    [InlineData("user.id:7")]
    [InlineData("user.id:<5")]
    [InlineData("tags:*x*")]
    [InlineData("{file_path=\"/var/log/a.log\"} | stats count() n")]
    [InlineData("_time:[2026-11-21T00:00:05Z, 2026-11-21T00:00:20Z) | stats count() n")]
    [InlineData("_time:<2020-01-01")]
    [InlineData("\"100%_\\\\ 'sure\" | fields _msg")]
    [InlineData("* | filter status:200 | limit 2")]
    [InlineData("* | offset 3 | limit 2")]
    public async Task Answer_is_that_of_the_embedded_store(string query)
    {
        using var directory = new TemporaryDirectory();
        await using var embedded = await EmbeddedStore.OpenWriterAsync(directory.Data, new EmbeddedStoreOptions(TimeProvider.System), Cancellation);
        await using var store = await OpenAsync();
        foreach (var target in new ILogStore[] { embedded, store })
        {
            await target.CommitAsync(new([Parsed("combined", AccessLine)], [], []), Cancellation);
            await target.CommitAsync(new([Parsed("json", JsonLine)], [], []), Cancellation);
        }

        Assert.Equal(await RowsAsync(embedded, query), await RowsAsync(store, query));
    }

    static RecordBatch Parsed(string format, Func<int, string> line)
    {
        var parser = LineParsers.Create(format, replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        for (var i = 0; i < 40; i++)
        {
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line(i))), out var reason), reason);
        }

        batch.Column(FieldNames.Stream).Fill(0, batch.Count, batch.Append(Encoding.UTF8.GetBytes($"{{file_path=\"/var/log/{(format == "json" ? 'b' : 'a')}.log\"}}")));
        return batch;
    }

    static string AccessLine(int i) =>
        FormattableString.Invariant($"10.0.0.{i % 5} - {(i % 4 == 0 ? "ann" : "-")} [21/Nov/2026:00:00:{i:D2} +0000] \"GET /{(char)('a' + (i % 3))}/b?q={i} HTTP/1.1\" {(i % 7 == 0 ? 404 : 200)} {i * 100} \"-\" \"curl\"");

    static string JsonLine(int i) =>
        FormattableString.Invariant(
            $"{{\"time\":\"2026-11-21T00:00:{i:D2}.{i:D3}Z\",\"level\":\"{(i % 5 == 0 ? "error" : "info")}\",\"msg\":\"done 100%_\\\\ 'sure' {i}\",\"trace_id\":\"t{i % 6}\",\"application_name\":\"shop\",\"user\":{{\"id\":{i % 9},\"name\":\"ü{i}\"}},\"tags\":[\"x{i}\",2],\"ok\":{(i % 2 == 0 ? "true" : "false")},\"ratio\":{i}.25,\"nothing\":null}}");
}
