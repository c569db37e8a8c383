using System.Globalization;
using System.Text;
using Puppylog.Query.Values;

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

    public static IEnumerable<string> Stats(IEnumerable<TestRecord> rows, string[] by) =>
        rows.GroupBy(row => Key(row, by)).OrderBy(group => group.First(), Comparer<TestRecord>.Create((a, b) => CompareAll(a, b, by)))
            .Select(group => $"{group.Key} {Aggregate([.. group])}".Trim());

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
