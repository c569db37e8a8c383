using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>Fields that have no column of their own, through the encoder and back, in memory and in blocks.</summary>
public sealed class OverflowTests
{
    static readonly string[] OddNames = ["", " ", "\"", "\0", "é☃", "a.b.c", "_", "_x", "data.x", "x", "level2", new('n', 1024)];

    [Fact]
    public void Every_field_comes_back_wherever_it_is_stored() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => CheckRoundTrip(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    static void CheckRoundTrip(Random random)
    {
        var names = random.Next(3) switch { 0 => 30, 1 => 300, _ => 4000 };
        var (batch, model) = Make(random, random.Next(1, 400), names, random.Next(1, 40));
        var all = BatchBuilder.AllRows(batch);
        Compare(model, all, new BatchView(batch));
        Compare(model, all, BlockRoundTripTests.RoundTrip(batch));
        var encoder = new BlockEncoder();
        for (var part = 0; part < 2; part++)
        {
            var rows = all.Where(_ => random.Next(3) > 0).ToArray();
            if (part == 1)
            {
                random.Shuffle(rows);
            }

            if (rows.Length > 0)
            {
                Compare(model, rows, BlockReader.Open(new MemoryBlockBytes(encoder.Encode(batch, rows).Body)));
            }
        }
    }

    static (RecordBatch Batch, List<Dictionary<string, (string Value, ValueKind Kind)>> Model) Make(Random random, int count, int names, int fields)
    {
        var batch = new RecordBatch(RecordShape.Plain);
        var model = new List<Dictionary<string, (string, ValueKind)>>();
        var columns = random.Next(2) == 0 ? 20 : RecordBatch.MaxColumns;
        for (var i = 0; i < count; i++)
        {
            var line = batch.Append(Encoding.UTF8.GetBytes($"line {i}"));
            var row = batch.Add(i * 1000L, line, line, 0);
            var record = new Dictionary<string, (string, ValueKind)>();
            for (var left = random.Next(fields); left > 0; left--)
            {
                var number = (int)(names * Math.Pow(random.NextDouble(), 3));
                var name = number < OddNames.Length - 1 ? OddNames[number + 1] : $"f{number % 977}.{number}";
                var value = random.Next(3) == 0 ? $"{random.Next(1000)}" : random.Next(8) == 0 ? "" : $"v{random.Next(50)}";
                var kind = (ValueKind)random.Next(5);
                record[name] = (value, kind);
                var span = batch.Append(Encoding.UTF8.GetBytes(value));
                // Another source of the same batch may know the field by its column.
                if (batch.Columns.Count < columns && random.Next(8) > 0 && batch.TryColumn(name) is { } column && !batch.Overflow.ToArray().Any(entry => entry.Row == row && batch.Value(entry.Name).SequenceEqual(Encoding.UTF8.GetBytes(name))))
                {
                    column.Set(row, span, kind);
                }
                else if (batch.FindColumn(name) is { } known && !known.Span(row).IsAbsent)
                {
                    known.Set(row, span, kind);
                }
                else
                {
                    batch.AddOverflow(row, batch.Append(Encoding.UTF8.GetBytes(name)), span, kind);
                }
            }

            model.Add(record);
        }

        return (batch, model);
    }

    static void Compare(List<Dictionary<string, (string Value, ValueKind Kind)>> model, int[] rows, RecordView view)
    {
        var expected = new HashSet<string>(rows.SelectMany(row => model[row].Keys)) { "_msg" };
        Assert.Equal(expected.Order(StringComparer.Ordinal), view.FieldNames.Order(StringComparer.Ordinal));
        foreach (var name in expected.Where(name => name != "_msg"))
        {
            Assert.True(view.MayHaveField(name));
            var column = view.Column(name)!;
            for (var place = 0; place < rows.Length; place++)
            {
                var isThere = model[rows[place]].TryGetValue(name, out var value);
                Assert.True(isThere == column.IsPresent(place), $"{name} of {rows[place]}");
                Assert.Equal(isThere ? value.Value : "", Encoding.UTF8.GetString(column.Value(place)));
                Assert.True(!isThere || value.Kind == column.Kind(place), $"kind of {name} of {rows[place]}");
            }
        }

        Assert.Null(view.Column("nowhere"));
        for (var place = 0; place < rows.Length; place++)
        {
            Assert.Equal($"line {rows[place]}", Encoding.UTF8.GetString(view.Column("_raw")!.Value(place)));
        }
    }

    [Fact]
    public void Block_has_a_thousand_columns_for_the_fields_that_most_records_have()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < 100; i++)
        {
            var line = batch.Append("x"u8);
            var row = batch.Add(i, line, line, 0);
            // Rare names come first and take all the batch's columns; the frequent ones come afterwards.
            for (var f = 0; f < 20; f++)
            {
                Set(batch, row, $"rare{(i * 20) + f}");
            }

            for (var f = 0; f < 1200 && i >= 60; f++)
            {
                Set(batch, row, $"frequent{f}");
            }

            if (i == 99)
            {
                batch.TryColumn(FieldNames.TraceId)!.Set(row, line);
            }
        }

        var view = (BlockView)BlockRoundTripTests.RoundTrip(batch);
        var columns = view.Entries.Select(entry => entry.Name).Except(["_time", "_raw", "_msg", "_overflow"]).ToArray();
        Assert.Equal(1000, columns.Length);
        Assert.Contains(FieldNames.TraceId, columns);
        Assert.Equal(999, columns.Count(name => name.StartsWith("frequent", StringComparison.Ordinal)));
        Assert.Equal(1 + 2000 + 1200 + 1, view.FieldNames.Count);
        Assert.NotNull(view.Column("rare1999"));
        Assert.NotNull(view.Column("frequent1199"));

        static void Set(RecordBatch batch, int row, string name)
        {
            if (batch.TryColumn(name) is { } column)
            {
                column.Set(row, batch.Append("1"u8));
            }
            else
            {
                batch.AddOverflow(row, batch.Append(Encoding.UTF8.GetBytes(name)), batch.Append("1"u8), ValueKind.Number);
            }
        }
    }

    [Fact]
    public void Field_that_a_block_has_not_is_known_without_its_overflow_column()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        var line = batch.Append("x"u8);
        batch.Add(0, line, line, 0);
        for (var f = 0; f < 3000; f++)
        {
            batch.AddOverflow(0, batch.Append(Encoding.UTF8.GetBytes($"f{f}")), line, ValueKind.Text);
        }

        var bytes = new CountedBytes(new BlockEncoder().Encode(batch, [0]).Body);
        var view = BlockReader.Open(bytes);
        var opened = bytes.Total;
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => view.MayHaveField($"other{i}")), 0, 80);
        Assert.True(bytes.Total - opened < 8192, $"{bytes.Total - opened} bytes read to find out");
        Assert.All(Enumerable.Range(0, 3000), f => Assert.True(view.MayHaveField($"f{f}")));
    }

    [Fact]
    public void Damaged_blocks_are_refused_and_never_crash()
    {
        var random = new Random(17);
        var (batch, _) = Make(random, 60, 4000, 30);
        var body = new BlockEncoder().Encode(batch, BatchBuilder.AllRows(batch)).Body.ToArray();
        var chunks = BlockFormat.HeaderLength + BitConverter.ToInt32(body, 8);
        var place = ((BlockView)BlockReader.Open(new MemoryBlockBytes(body))).Entries.Single(entry => entry.Name == "_overflow").Place;
        var chunk = body.AsSpan(chunks + place.Offset, place.Length).ToArray();
        var refused = 0;
        for (var round = 0; round < 5000; round++)
        {
            var damaged = chunk.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(Math.Min(damaged.Length, round % 2 == 0 ? 60 : int.MaxValue))] = (byte)random.Next(256);
            }

            try
            {
                var column = new OverflowColumn(round % 3 == 0 ? damaged[..random.Next(damaged.Length)] : damaged, 60);
                for (var field = 0; field < column.Count; field++)
                {
                    var vector = column.Field(field);
                    foreach (var row in vector.Rows)
                    {
                        vector.Value(row);
                    }
                }
            }
            catch (CorruptDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 5000);
    }

    [Fact]
    public void Blocks_of_version_1_are_read()
    {
        var builder = new BatchBuilder();
        builder.Add(5, "a line", ("f", "v"));
        var body = new BlockEncoder().Encode(builder.Batch, [0]).Body.ToArray();
        // Version 1 has no place for names at the directory's end: an offset, a length of nothing, its checksum.
        var length = BitConverter.ToInt32(body, 8);
        var chunks = body.Length - BlockFormat.HeaderLength - length;
        var names = (chunks < 128 ? 1 : 2) + 1 + 4;
        var old = body[..(BlockFormat.HeaderLength + length - names)].Concat(body[^chunks..]).ToArray();
        BitConverter.TryWriteBytes(old.AsSpan(4), 1);
        BitConverter.TryWriteBytes(old.AsSpan(8), length - names);
        BitConverter.TryWriteBytes(old.AsSpan(12), Puppylog.Storage.Embedded.Bytes.Crc32C.Compute(old.AsSpan(16, length - names)));
        var view = BlockReader.Open(new MemoryBlockBytes(old));
        Assert.Equal("v", Encoding.UTF8.GetString(view.Column("f")!.Value(0)));
        Assert.Null(view.Column("g"));
    }

    sealed class CountedBytes(ReadOnlyMemory<byte> body) : BlockBytes
    {
        public long Total { get; private set; }

        public override int Length => body.Length;

        public override void Read(int offset, Span<byte> target)
        {
            Total += target.Length;
            body.Span.Slice(offset, target.Length).CopyTo(target);
        }
    }
}
