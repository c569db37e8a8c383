using System.Globalization;
using System.Text;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Storage.Postgres.Reading;
using Puppylog.Storage.Postgres.Reading.Pushing;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Query.Execution;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>Statistics that the server computes are those that the operators compute of the same rows.</summary>
public sealed class PushedStatsTests(SharedPostgres postgres)
{
    static readonly string[] Filters =
    [
        "*", "level:=error", "level:=info or status:=500", "!level:=error", "status:>=400", "status:range[200, 404) service:=web", "service:=web", "!(service:=api status:=404)",
        "_time:[2026-11-21T10:00:00Z, 2026-11-21T10:30:00Z)", "application_name:=shop", "took:=12.5", "user:=\"\"", "error", "bytes:<1000", "flag:=true", "n:=7",
    ];

    static readonly string[] Groups = ["", "by (level)", "by (service)", "by (status, level)", "by (_time:5m)", "by (_time:1h offset 20m, service)", "by (application_name)", "by (flag)", "by (took)", "by (missing)", "by (list)", "by (a.b)"];

    static readonly string[] Statistics =
    [
        "count() hits", "count(level) n", "count_empty(took, level) e", "sum(bytes) s", "avg(bytes) a", "min(status) lo, max(status) hi", "sum(took) s, avg(took) a", "sum(n) s", "quantile(0.99, bytes) q",
        "median(took) m, quantile(0, took) z, quantile(1, took) o", "count() if (status:>=400) errors, count() hits", "sum(bytes) if (level:=error) eb", "count_uniq(service) u", "sum(flag) f", "avg(duration) d", "max(took) m",
    ];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_and_operators_say_the_same()
    {
        var address = await MakeAsync();
        await using var store = await PostgresStore.OpenAsync(address, TimeProvider.System, Cancellation);
        var random = new Random(7);
        await FillAsync(store, random, 3000);
        var pushed = await CompareAsync(store);
        Assert.InRange(pushed, 100, Filters.Length * Groups.Length * Statistics.Length / 7);
    }

    [Fact]
    public async Task Rows_of_others_that_have_fields_elsewhere_count_as_they_are_shown()
    {
        var address = await MakeAsync();
        var server = await postgres.ServerAsync();
        await using var store = await PostgresStore.OpenAsync(address, TimeProvider.System, Cancellation);
        await FillAsync(store, new Random(8), 300);
        await server.SqlAsync(address, """
            INSERT INTO logs (time, application_name, environment_name, log_event, trace_id, file_path, host_ip, data) VALUES
            ('2026-11-21T10:02:00Z', 'shop', '', '', '', '', '', '{"level":"error","status":500,"bytes":"12","took":"3","n":1e3,"service":{"a":1},"flag":"yes","data":{"service":"web"}}'),
            ('2026-11-21T10:03:00Z', '', '', 'restart', '', '', '', '{"application_name":"shop","status":"0200","took":[1],"n":12345678901234567890}'),
            ('2026-11-21T10:04:00Z', 'shop', '', '', '', '', '', null),
            ('1969-11-21T10:04:00Z', 'shop', '', '', '', '', '', '{"took":1}'),
            ('infinity', 'shop', '', '', '', '', '', null),
            ('2026-11-21T10:05:00Z', '', '', '', '', '', '', '["level"]')
            """);
        await CompareAsync(store);
    }

    [Theory]
    [InlineData("top 3 by (level)")]
    [InlineData("top by (status, service)")]
    [InlineData("top 0 by (level)")]
    [InlineData("top 1000 by (took) hits as n")]
    [InlineData("top 2 by (missing)")]
    [InlineData("top 5 by (flag) rank")]
    public async Task Top_groups_are_the_same(string pipe)
    {
        var address = await MakeAsync();
        await using var store = await PostgresStore.OpenAsync(address, TimeProvider.System, Cancellation);
        await FillAsync(store, new Random(9), 500);
        Assert.Equal(!pipe.Contains("rank", StringComparison.Ordinal), StatsStatement.Of(new LogQueryParts(QueryParser.Parse($"status:>0 | {pipe}", 0), readsRaw: false)) is not null);
        Assert.Equal(await RowsAsync(store, $"status:>0 | limit 1000000 | {pipe}"), await RowsAsync(store, $"status:>0 | {pipe}"));
    }

    async Task<string> MakeAsync()
    {
        var address = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        await Bootstrap.RunAsync(address, new BootstrapOptions(), Cancellation);
        return address;
    }

    static async Task<int> CompareAsync(PostgresStore store)
    {
        var pushed = 0;
        // One in so many, as each asks the server twice.
        const int Share = 7;
        var at = 0;
        foreach (var filter in Filters)
        {
            foreach (var group in Groups)
            {
                foreach (var statistics in Statistics)
                {
                    if (at++ % Share != 0)
                    {
                        continue;
                    }

                    var text = $"{filter} | stats {group} {statistics}";
                    var query = QueryParser.Parse(text, 0);
                    if (StatsStatement.Of(new LogQueryParts(query, readsRaw: false)) is null)
                    {
                        continue;
                    }

                    pushed++;
                    // A limit in between is for the operators.
                    var here = await RowsAsync(store, $"{filter} | limit 1000000 | stats {group} {statistics}");
                    var there = await RowsAsync(store, text);
                    Assert.True(here.Count == there.Count && here.Zip(there).All(pair => AreSame(pair.First, pair.Second)), $"{text}\n{string.Join('\n', here.Take(5))}\n{string.Join('\n', there.Take(5))}");
                }
            }
        }

        return pushed;
    }

    /// <summary>
    /// Sums of fractions are exact on the server, where they are decimals; of the operators', which add doubles block by block, the
    /// last digit is chance.
    /// </summary>
    static bool AreSame(string here, string there)
    {
        var (mine, theirs) = (here.Split(' '), there.Split(' '));
        return mine.Length == theirs.Length && mine.Zip(theirs).All(pair => pair.First == pair.Second || AreNear(pair.First, pair.Second));
    }

    static bool AreNear(string here, string there)
    {
        const double LastDigit = 1e-14;
        return here[..2] == there[..2] && here[..2] is "s=" or "a="
            && double.TryParse(here[2..], CultureInfo.InvariantCulture, out var mine) && double.TryParse(there[2..], CultureInfo.InvariantCulture, out var theirs)
            && mine != Math.Truncate(mine) && Math.Abs(mine - theirs) <= Math.Abs(mine) * LastDigit;
    }

    static async Task<List<string>> RowsAsync(PostgresStore store, string query)
    {
        var sink = new TestRecords.ListSink();
        await store.QueryAsync(QueryParser.Parse(query, 0), sink, Cancellation);
        return sink.Rows;
    }

    static async Task FillAsync(PostgresStore store, Random random, int count)
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        for (var i = 0; i < count; i++)
        {
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(Line(random))), out var reason), reason);
        }

        await store.CommitAsync(new([batch], [], []), Cancellation);
    }

    static string Line(Random random)
    {
        var line = new StringBuilder($"{{\"time\":\"2026-11-21T10:{random.Next(60):00}:{random.Next(60):00}.{random.Next(1_000_000_000):000000000}Z\",\"message\":\"m{random.Next(5)} error\"");
        Member("level", "\"info\"", "\"error\"", "\"INFO\"", "\"odd word\"");
        Member("application_name", "\"shop\"", "\"\"", "\"bank\"");
        Member("status", "200", "404", "500", "-1");
        Member("bytes", "0", "17", "99999999999", "1000");
        Member("service", "\"web\"", "\"api\"", "\"ünicode\"", "\"\"");
        Member("took", "12.5", "0.1", "0.2", "3", "1.0", "1e2", "0.30000000000000004");
        Member("n", "7", "8", "-9000000000");
        Member("flag", "true", "false", "null");
        Member("list", "[1, 2]", "[]");
        Member("a", "{\"b\":1}", "{\"b\":2}");
        Member("duration", "0.5", "1.25");
        return line.Append('}').ToString();

        void Member(string name, params string[] values)
        {
            if (random.Next(4) > 0)
            {
                line.Append($",\"{name}\":{values[random.Next(values.Length)]}");
            }
        }
    }
}
