using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Cli.Search;
using Puppylog.App.Cli.Store;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Tests.Storage.Blocks;

namespace Puppylog.Tests.Cli.Store;

public sealed class ExportWriterTests
{
    [Fact]
    public void What_is_exported_and_imported_is_the_same_record() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var records = RandomBatch(new Random(seed));
            var view = Stored(records);
            var lines = Export(view);
            Assert.Equal(view.Count, lines.Length);
            var parser = new ExportLineParser();
            var imported = new RecordBatch(parser.Shape);
            parser.Bind(imported);
            foreach (var line in lines)
            {
                Assert.True(parser.TryParse(imported.Append(line), out var reason), $"{reason}: {Encoding.UTF8.GetString(line)}");
            }

            var again = Stored(imported);
            for (var row = 0; row < view.Count; row++)
            {
                Assert.Equal(Describe(view, row), Describe(again, row));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Message_is_written_once_where_it_is_the_line()
    {
        var view = Stored(new BatchBuilder().Add(1_763_719_200_000_000_001, "the \"line\"", ("status", "200")).Batch);
        Assert.Equal("""{"_time":"2025-11-21T10:00:00.000000001Z","_msg":"the \"line\"","status":"200"}""", Encoding.UTF8.GetString(Assert.Single(Export(view))));
    }

    static RecordBatch RandomBatch(Random random)
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < 1 + random.Next(30); i++)
        {
            var fields = Enumerable.Range(0, random.Next(5)).Select(n => ($"f{n}", (byte[]?)Bytes(random), ValueKind.Text))
                .Append(("number", "1.250"u8.ToArray(), ValueKind.Number)).Append(("list", "[1,\"\\n\"]"u8.ToArray(), ValueKind.Json));
            builder.Add(random.NextInt64(0, long.MaxValue / 2), Bytes(random), [.. fields.Where(_ => random.Next(3) > 0)]);
            if (random.Next(2) == 0)
            {
                builder.Batch.MessageArray[i] = builder.Batch.Append(Bytes(random));
            }
        }

        return builder.Batch;
    }

    static byte[] Bytes(Random random)
    {
        var bytes = new byte[1 + random.Next(12)];
        random.NextBytes(bytes);
        return random.Next(3) == 0 ? bytes : [.. bytes.Select(b => (byte)(32 + (b % 95)))];
    }

    static RecordView Stored(RecordBatch batch)
    {
        using var block = BlockCodec.Instance.Encode(batch, BatchBuilder.AllRows(batch));
        return BlockReader.Open(new MemoryBlockBytes(block.Body.ToArray()));
    }

    static byte[][] Export(RecordView view)
    {
        using var target = new MemoryStream();
        using (var output = new OutputBuffer(target))
        {
            var writer = new ExportWriter(output);
            writer.Write(view, [.. Enumerable.Range(0, view.Count)]);
            writer.Complete();
        }

        var bytes = target.ToArray();
        var lines = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            lines.Add(bytes[at..(at + length)]);
            at += length + 1;
        }

        return [.. lines];
    }

    static string Describe(RecordView view, int row)
    {
        var fields = view.FieldNames.Where(name => name != FieldNames.Message).Order(StringComparer.Ordinal)
            .Select(name => (name, Column: view.Column(name)!)).Where(field => field.Column.IsPresent(row))
            .Select(field => $"{field.name}:{field.Column.Kind(row)}={Convert.ToHexString(field.Column.Value(row))}");
        return $"{view.Times.Nanoseconds[row]} {Convert.ToHexString(view.Column(FieldNames.Raw)!.Value(row))} {Convert.ToHexString(view.Column(FieldNames.Message)!.Value(row))} {string.Join(' ', fields)}";
    }
}
