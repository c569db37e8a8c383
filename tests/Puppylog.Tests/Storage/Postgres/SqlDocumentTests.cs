using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Storage.Postgres.Asking;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Query.Execution;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>What docs/sql.md shows is run as it stands there, and says what a computation from the records says.</summary>
public sealed partial class SqlDocumentTests(SharedPostgres postgres)
{
    static readonly string[] Applications = ["shop", "billing", "search"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A request as an application tells of it.</summary>
    sealed record Request(int Number, long Time, string Application, string Trace, string Host, string Section, int Status, decimal Seconds)
    {
        public string? Error => Status >= 500 ? $"failed {Number}" : null;

        public string Text => string.Create(CultureInfo.InvariantCulture, $"request {Number}");

        public string Line => $"""
            {"{"}"time":"{Timestamps.ToRfc3339(Time)}","level":"{(Error is null ? "info" : "error")}","application_name":"{Application}","environment_name":"production","log_event":"api_request",
            "trace_id":"{Trace}","host_ip":"{Host}","section":"{Section}","message":"{Text}","data":{"{"}"path":"{Section}/{Number}","status_code":{Status.ToString(CultureInfo.InvariantCulture)},
            "response_time":{Seconds.ToString(CultureInfo.InvariantCulture)}{(Error is null ? "" : $",\"error\":\"{Error}\"")}{"}}"}
            """.Replace("\n", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_statement_says_what_the_records_say()
    {
        var server = await postgres.ServerAsync();
        var address = await server.CreateDatabaseAsync();
        await Bootstrap.RunAsync(address, new BootstrapOptions(), Cancellation);
        var requests = Requests();
        await StoreAsync(address, requests);
        var statements = Statement().Matches(await File.ReadAllTextAsync(SharedData.Repository("docs/sql.md"), Cancellation)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(9, statements.Count);
        var byTime = requests.OrderBy(request => request.Time).ThenBy(request => request.Number).ToList();
        var failed = byTime.Where(request => request.Error is not null).ToList();

        await ExpectAsync(0, byTime.AsEnumerable().Reverse().Take(5).Select(request => $"message={request.Text}"));
        await ExpectAsync(1, byTime.Where(request => request.Trace == "4a3c1b87").Select(request => $"message={request.Text}"));
        await ExpectAsync(2, byTime.Where(request => request.Host == "10.0.0.7").Select(request => $"message={request.Text}"));
        await ExpectAsync(3, failed.AsEnumerable().Reverse().Take(5).Select(request => $"error=\"{request.Error}\""));
        await ExpectAsync(4, byTime.Where(request => request.Trace == failed[^1].Trace).Select(request => $"path=\"{request.Section}/{request.Number}\""));
        await ExpectAsync(5, failed.Where(request => request.Application == "shop").Select(request => string.Create(CultureInfo.InvariantCulture, $"status_code={request.Status}")));
        await ExpectAsync(6, Applications.Order(StringComparer.Ordinal).Select(Percentiles));
        await ExpectAsync(7, byTime.GroupBy(request => request.Time / (10 * Timestamps.Second)).Select(bucket => Busiest([.. bucket])));
        await server.SqlAsync(address, statements[8]);
        Assert.Equal("1", (await server.SqlAsync(address, "SELECT count(*) FROM logs WHERE application_name = 'billing' AND data -> 'invoice' = '4711'")).Trim());
        await Assert.ThrowsAsync<LogStoreException>(() => RowsAsync(address, statements[8]));

        string Percentiles(string application)
        {
            var times = requests.Where(request => request.Application == application).Select(request => request.Seconds).Order().ToList();
            // Of n sorted values the first whose place is not below the fraction (PostgreSQL's documentation, section 9.21).
            return string.Create(CultureInfo.InvariantCulture, $"p75={times[(int)Math.Ceiling(0.75m * times.Count) - 1]} p99={times[(int)Math.Ceiling(0.99m * times.Count) - 1]}");
        }

        async Task ExpectAsync(int statement, IEnumerable<string> parts)
        {
            var expected = parts.ToList();
            var rows = await RowsAsync(address, statements[statement]);
            Assert.True(expected.Count > 0 && rows.Count == expected.Count, $"{statements[statement]}\n{rows.Count} rows, not {expected.Count}");
            Assert.All(expected.Zip(rows), pair => Assert.All(pair.First.Split(" & "), part => Assert.Contains(part, pair.Second, StringComparison.Ordinal)));
        }
    }

    static string Busiest(List<Request> bucket)
    {
        var first = bucket.GroupBy(request => request.Section).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First();
        return string.Create(CultureInfo.InvariantCulture, $"section={first.Key} & hits={first.Count()}");
    }

    static List<Request> Requests()
    {
        var random = new Random(11);
        var start = Timestamps.DaysFromCivil(2026, 11, 21) * Timestamps.Day;
        string[] sections = ["/cart", "/items", "/users"];
        return [.. Enumerable.Range(0, 400).Select(i => new Request(
            i,
            start + (random.Next(90_000) * Timestamps.Second / 1000),
            Applications[random.Next(Applications.Length)],
            i % 20 == 3 ? "4a3c1b87" : string.Create(CultureInfo.InvariantCulture, $"trace{random.Next(60)}"),
            string.Create(CultureInfo.InvariantCulture, $"10.0.0.{random.Next(5, 9)}"),
            sections[random.Next(sections.Length)],
            random.Next(8) == 0 ? 500 + random.Next(5) : 200,
            random.Next(1, 3000) / 1000m))];
    }

    static async Task StoreAsync(string address, List<Request> requests)
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        foreach (var request in requests)
        {
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(request.Line)), out var reason), reason);
        }

        await using var store = await PostgresStore.OpenAsync(address, TimeProvider.System, Cancellation);
        await store.CommitAsync(new([batch], [], []), Cancellation);
    }

    static async Task<List<string>> RowsAsync(string address, string sql)
    {
        var sink = new TestRecords.ListSink();
        await SqlQuestion.RunAsync(address, sql, sink, Cancellation);
        return sink.Rows;
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Statement();
}
