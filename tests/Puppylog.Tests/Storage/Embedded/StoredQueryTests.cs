using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Query.Filters;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>Queries against a naive oracle, through the parsers, the block encoder, the store and back.</summary>
public sealed class StoredQueryTests
{
    static readonly string[] Fields = ["_msg", "f", "n", "route", "user_agent", "bytes", "user"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Filter_on_a_store_finds_what_its_plain_meaning_finds() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            CheckAsync(new Random(seed)).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    static async Task CheckAsync(Random random)
    {
        using var directory = new TemporaryDirectory();
        await using var store = await EmbeddedStore.OpenWriterAsync(directory.Data, new EmbeddedStoreOptions(TimeProvider.System), Cancellation);
        await CheckAsync(random, store);
    }

    /// <summary>The same for any store, which is empty before.</summary>
    internal static async Task CheckAsync(Random random, ILogStore store)
    {
        var records = new List<Dictionary<string, string>>();
        for (var commits = random.Next(1, 4); commits > 0; commits--)
        {
            var (access, json) = (LineParsers.Create("combined", replaceTimes: false), LineParsers.Create("json", replaceTimes: false));
            await store.CommitAsync(new([Batch(access, random, records, AccessLine), Batch(json, random, records, JsonLine)], [], []), Cancellation);
        }

        for (var queries = 0; queries < 30; queries++)
        {
            var filter = OracleFilter.Random(random, Fields, 3);
            var expected = records.Where(filter.Matches).Select(record => record["id"]).Order(StringComparer.Ordinal).ToArray();
            var found = new Ids();
            await store.QueryAsync(QueryParser.Parse($"{filter.Query} | fields ident, id", 0), found, Cancellation);
            var ids = found.Values.Order(StringComparer.Ordinal).ToArray();
            Assert.True(expected.SequenceEqual(ids), $"{filter.Query}\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', ids)}");
        }
    }

    static RecordBatch Batch(LineParser parser, Random random, List<Dictionary<string, string>> records, Func<Random, string, Dictionary<string, string>, string> write)
    {
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var width = random.Next(1, 6);
        for (var count = random.Next(1, 300); count > 0; count--)
        {
            var record = new Dictionary<string, string> { ["id"] = $"r{records.Count}" };
            var line = write(random, new string('0', width), record);
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), $"{reason}: {line}");
            records.Add(record);
        }

        return batch;
    }

    static string AccessLine(Random random, string filler, Dictionary<string, string> record)
    {
        record["route"] = "/" + OracleFilter.Value(random).Replace("\"", "", StringComparison.Ordinal).Replace(" ", "+", StringComparison.Ordinal);
        record["user_agent"] = OracleFilter.Value(random).Replace("\"", "", StringComparison.Ordinal);
        record["bytes"] = random.Next(4) == 0 ? "-" : random.Next(600).ToString(CultureInfo.InvariantCulture);
        record["user"] = random.Next(3) == 0 ? "-" : $"u{random.Next(300)}";
        var time = new DateTime(2026, 10, random.Next(1, 4), 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(86_400));
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"10.0.0.{random.Next(200)} {record["id"]} {record["user"]} [{time:dd/MMM/yyyy:HH:mm:ss} +0200] \"GET {record["route"]} HTTP/1.1\" 200 {record["bytes"]} \"-\" \"{record["user_agent"]}\"");
        record["_msg"] = line;
        foreach (var name in new[] { "bytes", "user", "user_agent" })
        {
            if (record[name] == "-")
            {
                record.Remove(name);
            }
        }

        return line;
    }

    static string JsonLine(Random random, string filler, Dictionary<string, string> record)
    {
        record["_msg"] = "m" + OracleFilter.Value(random);
        var line = $"{{\"time\":\"2026-10-0{random.Next(1, 4)}T00:00:00Z\",\"id\":\"{record["id"]}\",\"_msg\":{Quoted(record["_msg"])}";
        if (random.Next(4) > 0)
        {
            record["n"] = random.Next(6) == 0 ? random.Next(40).ToString(CultureInfo.InvariantCulture) + ".5" : random.Next(-15, 15).ToString(CultureInfo.InvariantCulture);
            line += $",\"n\":{record["n"]}";
        }

        switch (random.Next(6))
        {
            case 0: break;
            case 1:
                line += ",\"f\":null";
                break;
            case 2:
                line += ",\"f\":true";
                record["f"] = "true";
                break;
            case 3:
                record["f"] = $"0{filler}{random.Next(20)}";
                line += $",\"f\":{Quoted(record["f"])}";
                break;
            default:
                record["f"] = OracleFilter.Value(random);
                line += $",\"f\":{Quoted(record["f"])}";
                break;
        }

        return line + "}";
    }

    static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    sealed class Ids : IResultSink
    {
        public List<string> Values { get; } = [];

        public bool Write(RecordView view, ReadOnlySpan<int> rows)
        {
            foreach (var row in rows)
            {
                var id = view.Column("id");
                var value = id is not null && id.IsPresent(row) ? id : view.Column("ident");
                Values.Add(Encoding.UTF8.GetString(value!.Value(row)));
            }

            return true;
        }
    }
}
