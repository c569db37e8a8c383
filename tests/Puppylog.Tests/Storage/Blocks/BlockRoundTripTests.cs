using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class BlockRoundTripTests
{
    public static TheoryData<string, int> Cases()
    {
        var data = new TheoryData<string, int>();
        foreach (var kind in ValueKinds.All.Keys)
        {
            foreach (var count in new[] { 1, 2, 65, 1000, 5000 })
            {
                data.Add(kind, count);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_come_back_exactly(string kind, int count)
    {
        var random = new Random(count);
        var builder = new BatchBuilder();
        var expected = new byte[]?[count];
        for (var i = 0; i < count; i++)
        {
            expected[i] = ValueKinds.All[kind](random, i);
            builder.Add(i * 1_000_000_007L, Encoding.UTF8.GetBytes("line " + i), ("f", expected[i], ValueKind.Text));
        }

        var view = RoundTrip(builder.Batch);
        var column = view.Column("f");
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(expected[i] is not null, column?.IsPresent(i) ?? false);
            Assert.Equal(expected[i] ?? [], column is null ? [] : column.Value(i).ToArray());
            Assert.Equal(i * 1_000_000_007L, view.Times.Nanoseconds[i]);
            Assert.Equal("line " + i, Encoding.UTF8.GetString(view.Column("_raw")!.Value(i)));
            Assert.Equal("line " + i, Encoding.UTF8.GetString(view.Column("_msg")!.Value(i)));
        }
    }

    [Theory]
    [InlineData("constant", ColumnEncoding.Constant)]
    [InlineData("status", ColumnEncoding.Coded)]
    [InlineData("many", ColumnEncoding.Coded)]
    [InlineData("unique", ColumnEncoding.Template)]
    [InlineData("bytes", ColumnEncoding.Text)]
    [InlineData("different shapes", ColumnEncoding.Text)]
    [InlineData("address", ColumnEncoding.Ipv4)]
    [InlineData("addresses and names", ColumnEncoding.Ipv4)]
    [InlineData("trace id", ColumnEncoding.Hex)]
    [InlineData("uuid", ColumnEncoding.Hex)]
    [InlineData("upper uuid", ColumnEncoding.Hex)]
    [InlineData("seconds", ColumnEncoding.Decimal)]
    [InlineData("seconds with oddities", ColumnEncoding.Decimal)]
    [InlineData("padded", ColumnEncoding.Decimal)]
    [InlineData("message", ColumnEncoding.Template)]
    [InlineData("syslog", ColumnEncoding.Template)]
    [InlineData("integers", ColumnEncoding.Integer)]
    [InlineData("ascending", ColumnEncoding.Integer)]
    [InlineData("sparse integers", ColumnEncoding.Integer)]
    public void Encoding_fits_the_values(string kind, object encoding)
    {
        var random = new Random(1);
        var builder = new BatchBuilder();
        for (var i = 0; i < 6000; i++)
        {
            builder.Add(i, [], ("f", ValueKinds.All[kind](random, i), ValueKind.Text));
        }

        var view = (BlockView)RoundTrip(builder.Batch);
        Assert.Equal(encoding, view.Entries.Single(entry => entry.Name == "f").Encoding);
    }

    [Fact]
    public void Kinds_come_back()
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < 3000; i++)
        {
            builder.Add(i, [],
                ("number", Encoding.UTF8.GetBytes($"{i}"), ValueKind.Number),
                ("mixed", Encoding.UTF8.GetBytes($"{i}"), i % 2 == 0 ? ValueKind.Number : ValueKind.Text),
                ("flag", "true"u8.ToArray(), ValueKind.Boolean),
                ("same text", "1"u8.ToArray(), i % 3 == 0 ? ValueKind.Text : ValueKind.Number));
        }

        var view = RoundTrip(builder.Batch);
        for (var i = 0; i < 3000; i++)
        {
            Assert.Equal(ValueKind.Number, view.Column("number")!.Kind(i));
            Assert.Equal(i % 2 == 0 ? ValueKind.Number : ValueKind.Text, view.Column("mixed")!.Kind(i));
            Assert.Equal(ValueKind.Boolean, view.Column("flag")!.Kind(i));
            Assert.Equal(i % 3 == 0 ? ValueKind.Text : ValueKind.Number, view.Column("same text")!.Kind(i));
        }
    }

    [Fact]
    public void Only_the_rows_asked_for_are_encoded_in_their_order()
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < 100; i++)
        {
            builder.Add(1000 - i, $"line {i}", ("f", $"{i}"), ("g", i % 2 == 0 ? "even" : null));
        }

        int[] rows = [99, 3, 50];
        var view = Open(new BlockEncoder().Encode(builder.Batch, rows));
        Assert.Equal(3, view.Count);
        Assert.Equal((901, 997), (view.MinTime, view.MaxTime));
        Assert.Equal(["99", "3", "50"], rows.Select((_, i) => Encoding.UTF8.GetString(view.Column("f")!.Value(i))));
        Assert.Equal([false, false, true], rows.Select((_, i) => view.Column("g")!.IsPresent(i)));
    }

    [Fact]
    public void Integers_survive_in_every_layout() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long[]>(), values =>
        {
            foreach (var list in (long[][])[values, [.. values.Select(v => v & 0xFF)], [.. values.Order()], [.. values.Select(v => 1L << (int)(v & 62))]])
            {
                var writer = new ByteWriter();
                PackedIntegers.Write(writer, list, new IntegerScratch());
                var read = new long[list.Length];
                var reader = new ByteReader(writer.Written);
                PackedIntegers.Read(ref reader, read);
                if (!read.SequenceEqual(list) || reader.Remaining != 0)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new[] { long.MinValue, long.MaxValue, 0, -1, 1 })]
    [InlineData(new[] { long.MaxValue, long.MaxValue - 1, long.MinValue })]
    [InlineData(new long[0])]
    [InlineData(new[] { 5L })]
    public void Integers_survive_at_the_edges(long[] values)
    {
        var writer = new ByteWriter();
        PackedIntegers.Write(writer, values, new IntegerScratch());
        var read = new long[values.Length];
        var reader = new ByteReader(writer.Written);
        PackedIntegers.Read(ref reader, read);
        Assert.Equal(values, read);
    }

    [Fact]
    public void Damaged_blocks_are_refused_and_never_crash()
    {
        var random = new Random(7);
        var builder = new BatchBuilder();
        for (var i = 0; i < 500; i++)
        {
            builder.Add(i * 1000, Encoding.UTF8.GetBytes($"GET /{i} {random.Next(5)}"), [.. ValueKinds.All.Keys.Select(k => (k, ValueKinds.All[k](random, i) is { } v ? v[..Math.Min(v.Length, 100)] : null, ValueKind.Text))]);
        }

        var body = new BlockEncoder().Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch)).Body.ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var damaged = Damage(body, random);
            try
            {
                var view = BlockReader.Open(new MemoryBlockBytes(damaged));
                foreach (var name in view.FieldNames.Append("_raw").Append("_time"))
                {
                    var column = view.Column(name);
                    for (var i = 0; column is not null && i < Math.Min(view.Count, 50); i++)
                    {
                        column.Value(i);
                    }
                }
            }
            catch (CorruptDataException)
            {
            }
        }
    }

    /// <summary>The same with the checksums made right again, so that the decoders themselves are exercised.</summary>
    [Fact]
    public void Decoders_survive_any_bytes()
    {
        var random = new Random(11);
        var columns = new List<(ColumnEncoding Encoding, byte[] Chunk)>();
        var builder = new BatchBuilder();
        for (var i = 0; i < 300; i++)
        {
            builder.Add(i * 1000, Encoding.UTF8.GetBytes($"GET /{i} {random.Next(5)}"), [.. ValueKinds.All.Keys.Where(k => k != "long").Select(k => (k, ValueKinds.All[k](random, i), ValueKind.Text))]);
        }

        var view = (BlockView)RoundTrip(builder.Batch);
        var body = new BlockEncoder().Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch)).Body.ToArray();
        var chunks = BlockFormat.HeaderLength + BitConverter.ToInt32(body, 8);
        foreach (var entry in view.Entries)
        {
            columns.Add((entry.Encoding, body.AsSpan(chunks + entry.Place.Offset, entry.Place.Length).ToArray()));
        }

        for (var round = 0; round < 20_000; round++)
        {
            var (encoding, chunk) = columns[random.Next(columns.Count)];
            var damaged = Damage(chunk, random);
            var reader = new ByteReader(damaged);
            try
            {
                ColumnVector column = encoding switch
                {
                    ColumnEncoding.Timestamp => TimestampEncoding.Read(ref reader, 300),
                    ColumnEncoding.Line => LineEncoding.Read(ref reader, 300, _ => [], 2),
                    _ => NestedColumn.ReadPlain(encoding, ref reader, 300, NestingLimit.OfReader(300)),
                };
                for (var i = 0; i < 300; i++)
                {
                    column.Value(i);
                }
            }
            catch (CorruptDataException)
            {
            }
        }
    }

    static byte[] Damage(byte[] body, Random random)
    {
        var damaged = body.ToArray();
        switch (random.Next(4))
        {
            case 0:
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                return damaged[..random.Next(damaged.Length)];
            case 2:
                var start = random.Next(damaged.Length);
                damaged.AsSpan(start, random.Next(Math.Min(64, damaged.Length - start))).Clear();
                break;
            default:
                for (var i = 0; i < 4; i++)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                break;
        }

        return damaged;
    }

    internal static RecordView RoundTrip(RecordBatch batch) => Open(new BlockEncoder().Encode(batch, BatchBuilder.AllRows(batch)));

    static RecordView Open(EncodedBlock block) => BlockReader.Open(new MemoryBlockBytes(block.Body));
}
