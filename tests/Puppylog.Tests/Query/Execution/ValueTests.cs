using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query.Execution;
using Puppylog.Query.Values;

namespace Puppylog.Tests.Query.Execution;

public sealed class ValueTests
{
    [Theory]
    [InlineData("", "0")]
    [InlineData("-2", "1.5")]
    [InlineData("9", "10")]
    [InlineData("1e3", "1001")]
    [InlineData("9007199254740992", "9007199254740993")]
    [InlineData("10", "2026-11-21T14:00:05Z")]
    [InlineData("2026-11-21T14:00:05Z", "2026-11-21T14:00:05.5Z")]
    [InlineData("2026-11-21T14:00:05Z", "a")]
    [InlineData("host9", "host10")]
    [InlineData("host09", "host9")]
    [InlineData("a", "a1")]
    [InlineData("v1.9.3", "v1.10")]
    public void Natural_order_puts_one_before_the_other(string first, string second)
    {
        Assert.True(Compare(first, second) < 0);
        Assert.True(Compare(second, first) > 0);
        Assert.Equal(0, Compare(first, first));
    }

    [Fact]
    public void Natural_order_is_an_order()
    {
        string[] values = ["", "1", "01", "1e3", "2", "1z", "1.0", "-1", "a", "a1", "a01", "a1b", "b", "2026-11-21T14:00:05Z", "+1", "999999999999999999999", ".5", "a 10", "a 9"];
        foreach (var a in values)
        {
            foreach (var b in values)
            {
                Assert.Equal(Math.Sign(Compare(a, b)), -Math.Sign(Compare(b, a)));
                Assert.Equal(a == b, Compare(a, b) == 0);
                foreach (var c in values)
                {
                    Assert.False(Compare(a, b) <= 0 && Compare(b, c) <= 0 && Compare(a, c) > 0, $"{a} {b} {c}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e21, "1000000000000000000000")]
    [InlineData(-1.25e-7, "-0.000000125")]
    [InlineData(1.5e300, null)]
    [InlineData(776.75, "776.75")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(1234567890123456.7, null)]
    public void Numbers_print_without_an_exponent_and_read_back(double number, string? expected)
    {
        var text = NumberText.Format(number);
        Assert.Equal(expected ?? text, text);
        Assert.DoesNotContain("E", text, StringComparison.Ordinal);
        Assert.Equal(number, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Key_table_numbers_distinct_keys() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), keys =>
        {
            var table = new KeyTable(new QueryMemory(1 << 30));
            var expected = new Dictionary<string, int>();
            foreach (var key in keys.Concat(keys).Select(key => key ?? "").Concat(Enumerable.Range(0, 300).Select(i => $"k{i % 150}")))
            {
                var bytes = Encoding.Unicode.GetBytes(key);
                expected.TryAdd(key, expected.Count);
                Assert.Equal(expected[key], table.GetOrAdd(bytes));
                Assert.True(table[expected[key]].SequenceEqual(bytes));
            }

            Assert.Equal(expected.Count, table.Count);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Hash_depends_on_every_byte_and_on_the_length()
    {
        var seen = new HashSet<UInt128>();
        for (var length = 0; length < 70; length++)
        {
            var bytes = new byte[length];
            Assert.True(seen.Add(ByteHash.Wide(bytes)));
            for (var i = 0; i < length; i++)
            {
                bytes[i] = 1;
                Assert.True(seen.Add(ByteHash.Wide(bytes)), $"{length} {i}");
                bytes[i] = 0;
            }
        }
    }

    static int Compare(string a, string b) => NaturalOrder.Compare(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
