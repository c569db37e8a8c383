using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>What an encoder has learned from blocks before must never show in what the next ones hold.</summary>
public sealed class CarriedPlanTests
{
    static readonly string[] Words = ["lamp", "tent_pole", "user", "blau", "größe", "cache", "worker7", "desk"];

    /// <summary>Lines of a kind, by a number that makes them the same from test to test.</summary>
    static readonly Func<Random, int, string>[] Kinds =
    [
        (r, i) => $"10.0.{r.Next(9)}.{r.Next(256)} - - [01/Aug/2026:10:{i / 60 % 60:D2}:{i % 60:D2} +0000] \"GET /{Word(r)}/{r.Next(99)}?q={r.Next(9)} HTTP/1.1\" 200 {r.Next(99999)} \"-\" \"Mozilla/5.0 ({Word(r)}; {Word(r)})\"",
        (r, i) => $"{{\"time\":\"2026-08-01T10:{i / 60 % 60:D2}:{i % 60:D2}.{r.Next(1000):D3}Z\",\"level\":\"{Word(r)}\",\"n\":{r.Next(99)},\"msg\":\"{Word(r)} said \\\"{Word(r)}\\\" {r.Next(99)} times\"}}",
        (r, _) => $"host{r.Next(4)} {Word(r)}[{r.Next(32768)}]: connection of {Word(r)} from 192.168.0.{r.Next(256)} port {r.Next(65536)} was {(r.Next(2) == 0 ? "closed" : "opened by peer")}",
        (r, i) => $"{i} {Word(r)}={r.Next(99)} {Word(r)}=\"{Word(r)} {Word(r)}\" done",
        (r, _) => string.Concat(Enumerable.Range(0, 60 + r.Next(70)).Select(k => $"{Word(r)}{k % 7}, ")),
        (r, _) => string.Join(' ', Enumerable.Range(0, r.Next(9)).Select(_ => Word(r))),
        (r, _) => $"\"{Word(r)} {Word(r)}",
        (r, i) => $"2026-08-01 10:{i / 60 % 60:D2}:{i % 60:D2},{r.Next(1000):D3} WARN [{Word(r)}] took {r.Next(999)}ms for {r.NextInt64():x16}",
    ];

    static string Word(Random random) => Words[random.Next(Words.Length)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Lines_and_their_words_come_back_in_every_block(int kind)
    {
        var encoder = new BlockEncoder();
        var random = new Random(kind);
        for (var block = 0; block < 4; block++)
        {
            AssertHolds(encoder, Lines(random, 700, kind), "text");
        }
    }

    /// <summary>Few values are all different, where many are not.</summary>
    [Fact]
    public void What_was_decided_for_few_values_does_not_stand_for_many()
    {
        var encoder = new BlockEncoder();
        foreach (var (rows, distinct, encoding) in new[] { (400, 400, ColumnEncoding.Template), (400, 400, ColumnEncoding.Template), (20_000, 2000, ColumnEncoding.Coded), (400, 400, ColumnEncoding.Template) })
        {
            var builder = new BatchBuilder();
            for (var i = 0; i < rows; i++)
            {
                builder.Add(i, "line", ("f", $"/path/{i % distinct * 7919} of {i % distinct}"));
            }

            var block = encoder.Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch));
            var view = (BlockView)BlockReader.Open(new MemoryBlockBytes(block.Body.ToArray()));
            Assert.Equal(encoding, view.Entries.Single(entry => entry.Name == "f").Encoding);
        }
    }

    /// <summary>More blocks than a plan lasts for.</summary>
    [Fact]
    public void Plans_are_made_anew_in_time()
    {
        var encoder = new BlockEncoder();
        var random = new Random(3);
        for (var block = 0; block < 70; block++)
        {
            AssertHolds(encoder, Lines(random, 100, 2), "text");
        }
    }

    [Fact]
    public void Streams_may_change_their_shape_from_block_to_block() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var encoder = new BlockEncoder();
        for (var block = 0; block < 6; block++)
        {
            int[] kinds = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(Kinds.Length))];
            var lines = Lines(random, random.Next(400), kinds);
            for (var i = random.Next(3) == 0 ? 0 : lines.Count; i < lines.Count; i += random.Next(1, 20))
            {
                lines[i] = Mutated(random, lines[i]);
            }

            AssertHolds(encoder, lines, random.Next(4) == 0 ? "json" : "text");
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    /// <summary>Values that fit the template of the block before but for one, in every encoding that a variable may have.</summary>
    [Theory]
    [InlineData("took {0} ms in all", "17", "017")]
    [InlineData("took {0} ms in all", "17.25", "1.2.3")]
    [InlineData("trace {0} has ended", "0123456789abcdef", "0123456789ABCDEF")]
    [InlineData("peer {0} has left", "10.1.2.3", "10.1.2.300")]
    [InlineData("state {0} was reached", "up", "down then")]
    [InlineData("\"{0}\",\"b\":1", "a", "a\"")]
    public void Value_of_another_kind_than_in_the_block_before_comes_back(string form, string usual, string odd)
    {
        var encoder = new BlockEncoder();
        for (var block = 0; block < 6; block++)
        {
            var lines = new List<byte[]>();
            for (var i = 0; i < 300; i++)
            {
                // Numbers of the usual form that all differ.
                var digit = usual.IndexOfAny(['7', '5']);
                var value = digit < 0 ? usual : usual.Remove(digit, 1).Insert(digit, (i % 10).ToString(CultureInfo.InvariantCulture));
                lines.Add(Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, form, block % 2 == 1 && i is 0 or 150 or 299 ? odd : value)));
            }

            AssertHolds(encoder, lines, "text");
        }
    }

    static List<byte[]> Lines(Random random, int count, params int[] kinds) =>
        [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes(Kinds[kinds[random.Next(kinds.Length)]](random, i)))];

    static byte[] Mutated(Random random, byte[] line)
    {
        var changed = line.ToList();
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var at = random.Next(changed.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < changed.Count:
                    changed.RemoveAt(at);
                    break;
                case 1 when at < changed.Count:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
                default:
                    // A newline ends a line.
                    var value = (byte)random.Next(256);
                    changed.Insert(at, value == '\n' ? (byte)' ' : value);
                    break;
            }
        }

        return [.. changed];
    }

    static void AssertHolds(BlockEncoder encoder, List<byte[]> lines, string format)
    {
        var parser = LineParsers.Create(format, replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        parser.ReadTime = 1_790_000_000_000_000_000;
        var kept = new List<byte[]>();
        foreach (var line in lines)
        {
            if (parser.TryParse(batch.Append(line), out _))
            {
                kept.Add(line);
            }
        }

        if (kept.Count == 0)
        {
            return;
        }

        var block = encoder.Encode(batch, BatchBuilder.AllRows(batch));
        var view = BlockReader.Open(new MemoryBlockBytes(block.Body.ToArray()));
        var column = view.Column(FieldNames.Raw)!;
        for (var row = 0; row < kept.Count; row++)
        {
            Assert.Equal(kept[row], column.Value(row).ToArray());
            var at = 0;
            while (Puppylog.Records.Words.TryNext(kept[row], ref at, out var word))
            {
                Assert.True(view.MayContainWord(FieldNames.Raw, word), $"{Encoding.UTF8.GetString(word)} in {Encoding.UTF8.GetString(kept[row])}");
            }
        }
    }
}
