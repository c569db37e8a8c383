using System.Globalization;
using System.Text;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Tests.Query.Execution;

/// <summary>The pipes of the property test, computed the plain way on a list of records in order.</summary>
static class NaiveQuery
{
    public static IEnumerable<string> Sort(IEnumerable<TestRecord> rows, string field, bool descending, int limit)
    {
        var order = Comparer<TestRecord>.Create((a, b) => Compare(Get(a, field), Get(b, field)));
        return (descending ? rows.OrderBy(row => row, Comparer<TestRecord>.Create((a, b) => order.Compare(b, a))) : rows.OrderBy(row => row, order))
            .Take(limit).Select(Print);
    }

    public static IEnumerable<string> Top(IEnumerable<TestRecord> rows, string[] fields, int count) =>
        rows.GroupBy(row => Key(row, fields)).OrderByDescending(group => group.Count())
            .ThenBy(group => group.First(), Comparer<TestRecord>.Create((a, b) => CompareAll(a, b, fields)))
            .Take(count).Select(group => $"{group.Key} hits={group.Count()}".Trim());

    /// <summary>Of each field that has no more values than <paramref name="most"/>, and not one in all rows, the <paramref name="count"/> most frequent.</summary>
    public static IEnumerable<string> Facets(List<TestRecord> rows, int count, int most) =>
        rows.SelectMany(row => row.Fields).Where(field => field.Value.Length > 0).GroupBy(field => field.Key, field => field.Value, StringComparer.Ordinal)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => (field.Key, Values: field.GroupBy(value => value).OrderByDescending(value => value.Count()).ThenBy(value => value.Key, Comparer<string>.Create(CompareTexts)).ToList()))
            .Where(field => field.Values.Count <= most && !(field.Values.Count == 1 && field.Values[0].Count() == rows.Count))
            .SelectMany(field => field.Values.Take(count).Select(value => $"field_name={field.Key} field_value={value.Key} hits={value.Count()}"));

    static int CompareTexts(string a, string b) => NaturalOrder.CompareTexts(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));

    public static IEnumerable<string> Stats(IEnumerable<TestRecord> rows, string[] by, Func<List<TestRecord>, string>? aggregate = null) =>
        rows.GroupBy(row => Key(row, by)).OrderBy(group => group.First(), Comparer<TestRecord>.Create((a, b) => CompareAll(a, b, by)))
            .Select(group => $"{group.Key} {(aggregate ?? Aggregate)([.. group])}".Trim());

    public static IEnumerable<string> Uniq(IEnumerable<TestRecord> rows, string[] by, int limit) =>
        Stats(rows, by, group => $"hits={group.Count}").Take(limit);

    /// <summary>Each <c>n</c> at the beginning of its bucket.</summary>
    public static IEnumerable<TestRecord> Bucketed(IEnumerable<TestRecord> rows, int step) => rows.Select(row => !row.Fields.TryGetValue("n", out var n)
        ? row
        : row with { Fields = new Dictionary<string, string>(row.Fields) { ["n"] = (int.Parse(n, CultureInfo.InvariantCulture) / step * step).ToString(CultureInfo.InvariantCulture) } });

    public static string CountsOf(List<TestRecord> rows) => $"e={rows.Count(row => Get(row, "b").Length > 0)} c={rows.Count}";

    /// <summary>Groups by a bucket of time, printed as seconds after the start, and <c>a</c>.</summary>
    public static IEnumerable<string> ByTime(IEnumerable<TestRecord> rows, int step) =>
        rows.GroupBy(row => (Time: row.Time / (step * Timestamps.Second) * (step * Timestamps.Second), A: Get(row, "a"))).OrderBy(group => group.Key.Time)
            .ThenBy(group => group.Key.A, Comparer<string>.Create(Compare))
            .Select(group => $"_time={((group.Key.Time - TestRecords.Start) / 1e9).ToString(CultureInfo.InvariantCulture)}{(group.Key.A.Length > 0 ? " a=" + group.Key.A : "")} c={group.Count()}");

    /// <summary>What is asked of all rows together.</summary>
    public static string Summary(List<TestRecord> rows)
    {
        var numbers = rows.Select(row => Get(row, "n")).Where(value => value.Length > 0).Select(value => double.Parse(value, CultureInfo.InvariantCulture)).Order().ToArray();
        var pairs = rows.Select(row => (Get(row, "a"), Get(row, "b"))).Where(pair => pair != ("", "")).ToList();
        var least = rows.Select(row => Get(row, "b")).Where(value => value.Length > 0).Order(Comparer<string>.Create(Compare)).FirstOrDefault();
        var average = numbers.Length == 0 ? "NaN" : NumberText.Format(numbers.Average());
        return $"c={rows.Count} e={pairs.Count} z={rows.Count(row => Get(row, "a").Length == 0)} u={pairs.Distinct().Count()} v={average}"
            + (least is null ? "" : $" m={least}") + (numbers.Length == 0 ? "" : $" q={numbers[(int)(0.9 * numbers.Length)].ToString(CultureInfo.InvariantCulture)}");
    }

    public static string Aggregate(List<TestRecord> rows)
    {
        var numbers = rows.Select(row => Get(row, "n")).Where(value => value.Length > 0).Select(value => double.Parse(value, CultureInfo.InvariantCulture)).Order().ToArray();
        var distinct = rows.Select(row => Get(row, "b")).Where(value => value.Length > 0).Distinct().Count();
        var sum = numbers.Length == 0 ? "NaN" : numbers.Sum().ToString(CultureInfo.InvariantCulture);
        var max = numbers.Length == 0 ? "" : $" m={numbers[^1].ToString(CultureInfo.InvariantCulture)}";
        var median = numbers.Length == 0 ? "" : $" q={numbers[numbers.Length / 2].ToString(CultureInfo.InvariantCulture)}";
        return $"c={rows.Count} u={distinct} s={sum}{max}{median}";
    }

    public static string Print(TestRecord record)
    {
        var text = $"_time={((record.Time - TestRecords.Start) / 1e9).ToString(CultureInfo.InvariantCulture)}";
        foreach (var (name, value) in record.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            text += value.Length > 0 ? $" {name}={value}" : "";
        }

        return text;
    }

    static string Key(TestRecord row, string[] fields) =>
        string.Join(' ', fields.Where(field => Get(row, field).Length > 0).Select(field => $"{field}={Get(row, field)}"));

    static int CompareAll(TestRecord a, TestRecord b, string[] fields) =>
        fields.Select(field => Compare(Get(a, field), Get(b, field))).FirstOrDefault(order => order != 0);

    static string Get(TestRecord row, string field) => row.Fields.GetValueOrDefault(field, "");

    static int Compare(string a, string b) => NaturalOrder.Compare(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
