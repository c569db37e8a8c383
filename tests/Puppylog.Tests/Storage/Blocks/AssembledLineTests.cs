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
        Damage(60, 40);
        Damage(300, 5000);
    }

    static void Damage(int lineCount, int names)
    {
        var random = new Random(11);
        var batch = Batch(random, lineCount, names);
        var body = new BlockEncoder().Encode(batch, BatchBuilder.AllRows(batch)).Body.ToArray();
        var entries = ((BlockView)BlockReader.Open(new MemoryBlockBytes(body))).Entries;
        var entry = entries.Single(e => e.Name == FieldNames.Raw);
        var overflow = entries.SingleOrDefault(e => e.Encoding == ColumnEncoding.Overflow).Place;
        var chunks = BlockFormat.HeaderLength + BitConverter.ToInt32(body, 8);
        var chunk = body.AsSpan(chunks + entry.Place.Offset, entry.Place.Length).ToArray();
        var rest = overflow.Length == 0 ? null : body.AsSpan(chunks + overflow.Offset, overflow.Length).ToArray();
        var text = new ConstantVector(batch.Count, "x"u8.ToArray());
        for (var i = 0; i < 1500; i++)
        {
            var damaged = chunk.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, random.Next(2) == 0 ? 64 : damaged.Length))] = (byte)random.Next(256);
            }

            try
            {
                var reader = new ByteReader(damaged.AsSpan(0, random.Next(3) == 0 ? random.Next(damaged.Length) : damaged.Length));
                var lines = AssembledEncoding.Read(ref reader, batch.Count, Others, _ => text, () => rest is null ? null : new OverflowColumn(rest, batch.Count));
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

    [Fact]
    public void Optional_fields_in_a_fixed_order_cost_nothing_for_their_order()
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var random = new Random(13);
        for (var i = 0; i < 4000; i++)
        {
            var fields = Enumerable.Range(0, 40).Where(_ => random.Next(2) == 0).Select(name => $"\"field{name:D2}\":\"{random.Next(3)}\"");
            var line = $"{{\"time\":\"2026-11-21T00:00:00Z\",\"a\":{{{string.Join(',', fields.DefaultIfEmpty("\"x\":1"))}}}}}";
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), reason);
        }

        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        Assert.IsType<AssembledVector>(view.Column(FieldNames.Raw));
        AssertLines(batch, view, 0);
        Assert.InRange(view.Entries.Single(entry => entry.Name == FieldNames.Raw).Place.Length, 1, 12_000);
    }

    /// <summary>What a record has and its line does not say must not change which fields the line is made of.</summary>
    [Fact]
    public void Values_that_are_not_in_their_line_leave_it_as_it_was()
    {
        var parser = LineParsers.Create("json", false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var random = new Random(17);
        for (var i = 0; i < 2000; i++)
        {
            var fields = Enumerable.Range(0, 30).OrderBy(_ => random.Next()).Take(random.Next(3, 12)).Select(name => (name < 10 ? name % 5 : 2 + (name % 2 * 2)) switch
            {
                0 => $"\"n.{name}\":\"\"",
                1 => $"\"n\\u0041{name}\":\"tab\\u0009\"",
                2 => $"\"deep\":{{\"n{name}\":{{\"n{name}\":{random.Next(50)}}}}}",
                3 => $"\"n{name}\":null",
                _ => $"\"n{name}\" : \"{random.Next(9)}\"",
            });
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes($"{{{string.Join(',', fields)}}}")), out var reason), reason);
            var row = batch.Count - 1;
            batch.Column("unsaid").Set(row, batch.Append("elsewhere"u8));
            if (random.Next(2) == 0)
            {
                batch.Column("empty").Set(row, batch.Append(""u8));
            }

            if (random.Next(3) == 0)
            {
                batch.AddOverflow(row, batch.Append(Encoding.UTF8.GetBytes($"over.{random.Next(200)}")), batch.Append("elsewhere"u8), ValueKind.Text);
            }
        }

        var view = BlockRoundTripTests.RoundTrip(batch);
        Assert.IsType<AssembledVector>(view.Column(FieldNames.Raw));
        AssertLines(batch, view, 0);
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
