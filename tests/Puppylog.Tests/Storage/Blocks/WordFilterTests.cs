using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.WordFilters;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class WordFilterTests
{
    [Theory]
    [InlineData("apache_access.log", "combined", false)]
    [InlineData("apache_access.log", "combined", true)]
    [InlineData("nginx_status.jsonl", "json", false)]
    [InlineData("systems/linux.log", "text", false)]
    public void Every_word_of_every_field_is_known(string file, string format, bool now)
    {
        var parser = LineParsers.Create(format, now);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        foreach (var line in File.ReadLines(SharedData.Require(file), Encoding.Latin1))
        {
            _ = parser.TryParse(batch.Append(Encoding.Latin1.GetBytes(line)), out _);
        }

        var view = BlockRoundTripTests.RoundTrip(batch);
        foreach (var name in view.FieldNames.Append(FieldNames.Raw))
        {
            var column = view.Column(name)!;
            for (var row = 0; row < view.Count; row += 3)
            {
                var value = column.Value(row).ToArray();
                var at = 0;
                while (Words.TryNext(value, ref at, out var word))
                {
                    Assert.True(view.MayContainWord(name, word), $"{name} {Encoding.UTF8.GetString(word)} in {Encoding.UTF8.GetString(value)}");
                }
            }
        }

        var found = Enumerable.Range(0, 1000).Count(i => view.MayContainWord("_msg", Encoding.ASCII.GetBytes($"absent{i}word")));
        Assert.InRange(found, 0, 100);
    }

    [Fact]
    public void Words_across_a_template_without_separators_are_known()
    {
        var shape = new RecordShape("test", [LineTemplate.Parse("abcd{a}{b}|ef{a}")], []);
        var batch = new RecordBatch(shape);
        var random = new Random(5);
        var lines = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            var (a, b) = ($"{random.Next(1000)}x", $"é{random.Next(1000)}");
            lines.Add($"abcd{a}{b}|ef{a}");
            var span = batch.Append(Encoding.UTF8.GetBytes(lines[^1]));
            var row = batch.Add(i, span, span, 1);
            batch.Column("a").Set(row, batch.Append(Encoding.UTF8.GetBytes(a)));
            batch.Column("b").Set(row, batch.Append(Encoding.UTF8.GetBytes(b)));
        }

        Assert.False(shape.Templates[0].KeepsWordsApart);
        var view = BlockRoundTripTests.RoundTrip(batch);
        foreach (var word in lines.SelectMany(line => line.Split('|')))
        {
            Assert.True(view.MayContainWord("_msg", Encoding.UTF8.GetBytes(word)), word);
        }
    }

    [Theory]
    [InlineData("{a} {b}", true)]
    [InlineData("[{a}] \"{b}\"", true)]
    [InlineData("{a}{b}", false)]
    [InlineData("{a} x{b}", false)]
    [InlineData("x {a}", true)]
    [InlineData("x{a}", false)]
    public void Template_knows_whether_words_reach_across(string template, bool apart) =>
        Assert.Equal(apart, LineTemplate.Parse(template).KeepsWordsApart);

    [Fact]
    public void Numbers_are_known_by_their_columns_bounds()
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < 1000; i++)
        {
            builder.Add(i, "", ("n", $"{-50_000 + (i * 1000)}"));
        }

        var view = BlockRoundTripTests.RoundTrip(builder.Batch);
        Assert.True(view.MayContainWord("n", "50000"u8));
        Assert.True(view.MayContainWord("n", "949000"u8));
        Assert.False(view.MayContainWord("n", "950001"u8));
        Assert.False(view.MayContainWord("n", "012345"u8));
        Assert.True(view.MayContainWord("n", "123"u8));
        Assert.True(view.MayContainWord("n", "two words"u8));
    }

    /// <summary>These are on disk: a program that hashes otherwise would find nothing.</summary>
    [Theory]
    [InlineData("word")]
    [InlineData("longerword")]
    [InlineData("a_word_of_more_than_sixteen_bytes")]
    public void Hash_is_the_documented_one(string word)
    {
        var bytes = Encoding.ASCII.GetBytes(word);
        UInt128 mask = ulong.MaxValue;
        ulong Fold(ulong a, ulong b)
        {
            var product = (UInt128)a * b;
            return (ulong)(product >> 64) ^ (ulong)(product & mask);
        }

        var hash = unchecked((ulong)bytes.Length * 0x9E3779B97F4A7C15);
        var rest = bytes.AsSpan();
        while (rest.Length > 8)
        {
            hash = Fold(hash ^ BitConverter.ToUInt64(rest), 0xD6E8FEB86659FD93);
            rest = rest[8..];
        }

        ulong last = 0;
        if (rest.Length >= 4)
        {
            last = BitConverter.ToUInt32(rest) | ((ulong)BitConverter.ToUInt32(rest[^4..]) << 32);
        }
        else
        {
            foreach (var b in rest)
            {
                last = (last << 8) | b;
            }
        }

        Assert.Equal(Fold(hash ^ last, 0xD6E8FEB86659FD93) ^ (hash >> 32), WordHash.Compute(bytes));
    }
}
