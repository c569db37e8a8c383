using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Query.Execution;
using Puppylog.Tests.Query.Filters;
using SortKey = Puppylog.Query.Values.SortKey;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// Records of thousands of names, whose types differ from block to block, through the parser, the store and back, against a
/// naive evaluation: whether a field has a column or not must not be seen.
/// </summary>
public sealed class ManyFieldsTests
{
    const int Names = 3000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Queries_do_not_tell_where_a_field_is_stored() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            CheckAsync(new Random(seed)).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(6));

    static async Task CheckAsync(Random random)
    {
        using var directory = new TemporaryDirectory();
        var records = new List<Dictionary<string, string>>();
        await using var store = await EmbeddedStore.OpenWriterAsync(directory.Data, new EmbeddedStoreOptions(TimeProvider.System), Cancellation);
        for (var commits = random.Next(2, 5); commits > 0; commits--)
        {
            await store.CommitAsync(new([Batch(random, records)], [], []), Cancellation);
        }

        // The first are in every block, the last in few or none.
        string[] fields = ["status", "shared", "f1.1", "f2.2", .. Enumerable.Range(0, 5).Select(_ => Name(random.Next(Names))), "nowhere"];
        for (var queries = 0; queries < 20; queries++)
        {
            var filter = OracleFilter.Random(random, fields, 2);
            var matching = records.FindAll(record => filter.Matches(record));
            var field = fields[random.Next(fields.Length)];
            Same(matching.Select(record => $"id={record["id"]}").Order(StringComparer.Ordinal), await RunAsync(store, $"{filter.Query} | fields id"), filter.Query, ordered: false);
            Same(Counts(matching, field).Where(group => group.Value.Length > 0).Select(group => $"{field}={group.Value} hits={group.Count}"),
                await RunAsync(store, $"{filter.Query} | field_values {field}"), $"{filter.Query} | field_values {field}", ordered: false);
            Same(Counts(matching, field).Select(group => $"{(group.Value.Length > 0 ? $"{field}={group.Value} " : "")}c={group.Count}"),
                await RunAsync(store, $"{filter.Query} | stats by ({field}) count() as c"), $"{filter.Query} | stats by ({field})", ordered: false);
            Same(FieldCounts(matching), await RunAsync(store, $"{filter.Query} | field_names"), $"{filter.Query} | field_names", ordered: false);
            Same(matching.Select(record => record.GetValueOrDefault(field, "")).Order(Natural).Take(7).Select(value => value.Length == 0 ? "" : $"{field}={value}"),
                await RunAsync(store, $"{filter.Query} | sort by ({field}) limit 7 | fields {field}"), $"{filter.Query} | sort by ({field})", ordered: true);
        }

        var everything = await RunAsync(store, "*");
        Same(records.Select(Print), everything, "*", ordered: false);
        Same(records.Select(Print), await RunAsync(store, "* | sort by (id)"), "* | sort by (id)", ordered: false);
    }

    static RecordBatch Batch(Random random, List<Dictionary<string, string>> records)
    {
        var parser = LineParsers.Create("json", replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var statusIsText = random.Next(2) == 0;
        for (var left = random.Next(20, 300); left > 0; left--)
        {
            var record = new Dictionary<string, string> { ["id"] = $"r{records.Count}", ["_msg"] = "m" };
            record["status"] = statusIsText && random.Next(3) == 0 ? OracleFilter.Value(random) : $"{random.Next(-20, 20)}";
            for (var values = random.Next(40); values > 0; values--)
            {
                var name = Name((int)(Names * Math.Pow(random.NextDouble(), 2)));
                record[name] = random.Next(3) == 0 ? $"{random.Next(-20, 20)}" : OracleFilter.Value(random);
            }

            if (random.Next(3) == 0)
            {
                record["shared"] = random.Next(3) == 0 ? "1.5" : $"{random.Next(5)}";
            }

            var line = "{" + string.Join(',', record.Select(field => $"{Quoted(field.Key)}:{Quoted(field.Value)}")) + "}";
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), $"{reason}: {line}");
            records.Add(record);
        }

        return batch;
    }

    static string Name(int number) => $"f{number % 7}.{number}";

    static IEnumerable<(string Value, int Count)> Counts(List<Dictionary<string, string>> records, string field) =>
        records.GroupBy(record => record.GetValueOrDefault(field, "")).Select(group => (group.Key, group.Count()));

    static IEnumerable<string> FieldCounts(List<Dictionary<string, string>> records) =>
        records.SelectMany(record => record.Where(field => field.Value.Length > 0).Select(field => field.Key).Append("_time"))
            .GroupBy(name => name).Select(group => $"name={group.Key} hits={group.Count().ToString(CultureInfo.InvariantCulture)}");

    static string Print(Dictionary<string, string> record) =>
        string.Join(' ', record.Where(field => field.Value.Length > 0).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));

    /// <summary>The order of <c>sort</c>, by which <c>0</c> and <c>00</c> are equal, and equal rows keep their order.</summary>
    static readonly Comparer<string> Natural = Comparer<string>.Create((a, b) =>
    {
        var (first, second) = (Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
        var (firstKey, secondKey) = (SortKey.Of(first), SortKey.Of(second));
        return firstKey.IsText && secondKey.IsText ? NaturalOrder.CompareTexts(first, second) : firstKey.CompareTo(secondKey);
    });

    static async Task<List<string>> RunAsync(ILogStore store, string query)
    {
        var sink = new TestRecords.ListSink();
        await store.QueryAsync(QueryParser.Parse(query, 0), sink, Cancellation);
        // Whole records are compared by name, as the order of their fields is the block's.
        return query.StartsWith('*')
            ? [.. sink.Rows.Select(row => string.Join(' ', System.Text.RegularExpressions.Regex.Split(row, " (?=[a-z_0-9.]+=)").Where(field => !field.StartsWith("_time=", StringComparison.Ordinal)).OrderBy(field => field.Split('=')[0], StringComparer.Ordinal)))]
            : sink.Rows;
    }

    static void Same(IEnumerable<string> expected, IEnumerable<string> found, string query, bool ordered)
    {
        string[] wanted = [.. ordered ? expected : expected.Order(StringComparer.Ordinal)];
        string[] got = [.. ordered ? found : found.Order(StringComparer.Ordinal)];
        Assert.True(wanted.SequenceEqual(got), $"{query}\nexpected {string.Join('\n', wanted.Except(got).Take(5))}\nfound {string.Join('\n', got.Except(wanted).Take(5))}\n{wanted.Length} {got.Length}");
    }

    static string Quoted(string text) => $"\"{System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
