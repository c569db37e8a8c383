using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>Lines that hardly two have the same fields in the same order.</summary>
public sealed class AssembledLineTests
{
    [Fact]
    public void Lines_of_fields_in_any_order_come_back_and_cost_little_beside_their_values() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var batch = Batch(random, 400, random.Next(2) == 0 ? 40 : 3000);
            var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
            Assert.IsType<AssembledVector>(view.Column(FieldNames.Raw));
            AssertLines(batch, view, 0);
            foreach (var name in new[] { "a_1", "a_2", "a_39" })
            {
                var (values, column) = (batch.FindColumn(name), view.Column(name));
                for (var row = 0; row < batch.Count && values is not null; row++)
                {
                    Assert.True(batch.Value(values.Span(row)).SequenceEqual(column!.Value(row)));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fields_in_any_order_take_less_than_half_of_their_lines()
    {
        var batch = Batch(new Random(5), 5000, 40);
        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        var lines = 0;
        foreach (var line in batch.Lines)
        {
            lines += line.Length;
        }

        Assert.InRange(view.Entries.Single(entry => entry.Name == FieldNames.Raw).Place.Length, 1, lines / 8);
    }

    [Fact]
    public void Rows_in_another_order_and_of_a_part_come_back()
    {
        var batch = Batch(new Random(7), 500, 40);
        var rows = Enumerable.Range(0, 500).Where(row => row % 3 != 0).Reverse().ToArray();
        var view = BlockReader.Open(new MemoryBlockBytes(new BlockEncoder().Encode(batch, rows).Body));
        var lines = Assert.IsType<AssembledVector>(view.Column(FieldNames.Raw));
        for (var place = 0; place < rows.Length; place++)
        {
            Assert.True(batch.Value(batch.Lines[rows[place]]).SequenceEqual(lines.Value(place)));
        }
    }

    /// <summary>What compaction does.</summary>
    [Fact]
    public void Blocks_that_are_joined_are_made_of_members_again()
    {
        var random = new Random(3);
        RecordBatch[] batches = [Batch(random, 300, 3000), Batch(random, 300, 40)];
        var joined = new RecordBatch(batches[0].Shape);
        foreach (var batch in batches)
        {
            BlockRows.CopyTo(joined, (BlockView)BlockRoundTripTests.RoundTrip(batch), 0, batch.Count);
        }

        var whole = BlockRoundTripTests.RoundTrip(joined);
        Assert.Null(Assert.IsType<AssembledVector>(whole.Column(FieldNames.Raw)).Others.Verbatim);
        AssertLines(batches[0], whole, 0);
        AssertLines(batches[1], whole, 300);
    }

    [Fact]
    public void Words_of_lines_are_found_and_absent_ones_pruned()
    {
        var batch = Batch(new Random(9), 300, 3000);
        var (view, direct) = (BlockRoundTripTests.RoundTrip(batch), new BatchView(batch));
        foreach (var text in new[] { "a_7", "value8", "_raw:*\"a_1\\\":\"*", "level:error", "message", "\"2026-11-21T00:00:07\"", "a_2999:*" })
        {
            var query = QueryParser.Parse(text, 0);
            var (found, expected) = (RowBitmap.All(batch.Count), RowBitmap.All(batch.Count));
            query.Filter.Apply(direct, expected);
            query.Filter.Apply(view, found);
            Assert.Equal(Enumerable.Range(0, batch.Count).Where(row => expected[row]), Enumerable.Range(0, batch.Count).Where(row => found[row]));
            Assert.True(expected.IsEmpty() || query.Filter.MayMatch(view), text);
        }

        Assert.False(QueryParser.Parse("zzunlikelyword", 0).Filter.MayMatch(view));
    }

    [Fact]
    public void Damaged_members_throw_nothing_but_corrupt_data()
    {
        var random = new Random(11);
        var batch = Batch(random, 60, 40);
        var body = new BlockEncoder().Encode(batch, BatchBuilder.AllRows(batch)).Body.ToArray();
        var entry = ((BlockView)BlockReader.Open(new MemoryBlockBytes(body))).Entries.Single(e => e.Name == FieldNames.Raw);
        var chunks = BlockFormat.HeaderLength + BitConverter.ToInt32(body, 8);
        var chunk = body.AsSpan(chunks + entry.Place.Offset, entry.Place.Length).ToArray();
        var text = new ConstantVector(batch.Count, "x"u8.ToArray());
        for (var i = 0; i < 3000; i++)
        {
            var damaged = chunk.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, random.Next(2) == 0 ? 64 : damaged.Length))] = (byte)random.Next(256);
            }

            try
            {
                var reader = new ByteReader(damaged.AsSpan(0, random.Next(3) == 0 ? random.Next(damaged.Length) : damaged.Length));
                var lines = AssembledEncoding.Read(ref reader, batch.Count, Others, _ => text, () => null);
                for (var row = 0; row < batch.Count; row++)
                {
                    lines.Value(row);
                }
            }
            catch (CorruptDataException)
            {
            }
        }

        LineVector Others(ref ByteReader rest) => LineEncoding.Read(
            ref rest, batch.Count, _ => [new(TemplatePartKind.Field, [], text, null)], LineEncoding.ReadTemplates(ref rest).Length);
    }

    static void AssertLines(RecordBatch batch, RecordView view, int first)
    {
        var lines = view.Column(FieldNames.Raw)!;
        for (var row = 0; row < batch.Count; row++)
        {
            Assert.Equal(Encoding.UTF8.GetString(batch.Value(batch.Lines[row])), Encoding.UTF8.GetString(lines.Value(first + row)));
        }
    }

    static RecordBatch Batch(Random random, int count, int names)
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        for (var i = 0; i < count; i++)
        {
            var fields = Enumerable.Range(0, random.Next(4, 20)).Select(_ => random.Next(names)).Distinct().Select(name => $"\"a_{name}\":" + (name % 4) switch
            {
                0 => $"{random.Next(100)}",
                1 => $"\"value{random.Next(9)}\"",
                2 => random.Next(3) == 0 ? "\"a\\tb\"" : "\"\"",
                _ => "[1, 2]",
            });
            var line = $"{{\"time\":\"2026-11-21T00:00:{random.Next(60):D2}.{random.Next(1000):D3}Z\",\"level\":\"{(random.Next(5) == 0 ? "error" : "info")}\",\"msg\":\"message {i}\","
                + string.Join(random.Next(9) == 0 ? ", " : ",", fields) + "}";
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), reason);
        }

        return batch;
    }
}
