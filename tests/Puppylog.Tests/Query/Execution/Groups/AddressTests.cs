using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Execution.Groups;

public sealed class AddressTests
{
    [Theory]
    [InlineData("* | top 5 by (host)")]
    [InlineData("* | uniq by (host) with hits")]
    [InlineData("* | uniq by (host, even) with hits")]
    [InlineData("* | field_values host")]
    [InlineData("* | stats by (host) count() c, count_uniq(host) u")]
    [InlineData("* | stats count_uniq(host) u")]
    [InlineData("* | stats by (even) count_uniq(host) u")]
    public void Addresses_count_alike_whether_a_block_holds_them_as_numbers_or_as_text(string query) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var hosts = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, random.Next(1, 40)).Select(_ => RandomAddress(random)).ToArray()).ToArray();
            var texts = TestRecords.Run(query, [.. hosts.Select(values => new HostBlock(values, asNumbers: false))]);
            var mixed = TestRecords.Run(query, [.. hosts.Select((values, i) => new HostBlock(values, asNumbers: i % 2 == 0))], workers: random.Next(1, 4));
            var numbers = TestRecords.Run(query, [.. hosts.Select(values => new HostBlock(values, asNumbers: true))], workers: random.Next(1, 4));
            Assert.Equal(texts, mixed);
            Assert.Equal(texts, numbers);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1.2.3.4", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("01.2.3.4", false)]
    [InlineData("1.2.3.256", false)]
    [InlineData("1.2.3", false)]
    [InlineData("1.2.3.4.5", false)]
    [InlineData("1.2.3.4 ", false)]
    [InlineData("", false)]
    public void Only_texts_that_an_address_prints_as_are_addresses(string text, bool isAddress) =>
        Assert.Equal(isAddress, AddressText.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Counts_of_addresses_outgrow_32_bits()
    {
        var counts = new AddressCounts(new QueryMemory(1 << 20));
        foreach (var hits in new[] { uint.MaxValue, 3_000_000_000L, 10_000_000_000L, 1 })
        {
            counts.Add(7, hits);
        }

        var other = new AddressCounts(new QueryMemory(1 << 20));
        other.Merge(counts);
        var found = Enumerable.Range(0, other.Places).Select(place => other.TryGet(place, out var address, out var hits) ? (address, hits) : default).Single(entry => entry.hits > 0);
        Assert.Equal((7u, uint.MaxValue + 13_000_000_001L), found);
    }

    static uint? RandomAddress(Random random) => random.Next(8) == 0 ? null : random.Next(5) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(12);

    sealed class HostBlock(uint?[] hosts, bool asNumbers) : RecordBlock
    {
        public override int Count => hosts.Length;

        public override long MinTime => 0;

        public override long MaxTime => 0;

        public override RecordView Open()
        {
            var present = new RowBitmap(hosts.Length);
            var texts = new ResultColumn(hosts.Length);
            var even = new long[hosts.Length];
            Span<byte> text = stackalloc byte[Ipv4Vector.MaxLength];
            for (var row = 0; row < hosts.Length; row++)
            {
                present[row] = hosts[row] is not null;
                texts.Add(hosts[row] is { } host ? text[..Ipv4Vector.Format(host, text)] : default);
                even[row] = row & 1;
            }

            var isAll = hosts.All(host => host is not null);
            return new ResultView(hosts.Length)
                .Add("host", asNumbers ? new Ipv4Vector(hosts.Length, [.. hosts.Select(host => host ?? 0)], isAll ? null : present) : texts.ToVector())
                .Add("even", new IntegerVector(hosts.Length, even, null));
        }
    }
}
