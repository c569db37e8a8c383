using Puppylog.Metrics;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Metrics;

public sealed class SketchBytesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1_100, 2)]
    [InlineData(9_000, 2)]
    [InlineData(100_000, 1)]
    public void Sketch_comes_back_as_it_was_and_is_small_where_few_registers_are_used(int hashes, int bytesEach)
    {
        var sketch = Sketch(hashes);
        var used = sketch.Registers.Length - sketch.Registers.Count((byte)0);
        var writer = new ByteWriter();
        SketchBytes.Write(sketch.Registers, writer);
        Assert.InRange(writer.Length, 1, Math.Min((bytesEach * used) + 100, sketch.Registers.Length + 1));
        var again = new DistinctSketch();
        var reader = new ByteReader(writer.Written);
        SketchBytes.Merge(again, (int)reader.Varint(), ref reader);
        Assert.Equal(0, reader.Remaining);
        Assert.True(sketch.Registers.SequenceEqual(again.Registers));
    }

    [Fact]
    public void Sketch_of_codes_is_that_of_their_hashes()
    {
        var random = new Random(3);
        long[] hashes = [.. Enumerable.Range(0, 3000).Select(_ => random.NextInt64(1L << DistinctMeasure.HashBits)).Order()];
        int[] codes = [.. Enumerable.Range(0, hashes.Length).Where(code => code % 2 == 0)];
        var sketch = new DistinctSketch();
        foreach (var code in codes)
        {
            var (register, rank) = DistinctMeasure.Place(hashes[code]);
            sketch.Raise(register, rank);
        }

        var (ofCodes, ofSketch) = (new ByteWriter(), new ByteWriter());
        SketchBytes.Write(codes, hashes, ofCodes);
        SketchBytes.Write(sketch.Registers, ofSketch);
        Assert.True(ofCodes.Written.SequenceEqual(ofSketch.Written));
        Assert.InRange(sketch.Estimate(), 1400, 1600);
    }

    [Fact]
    public void Damaged_sketch_is_told_or_read_and_nothing_else()
    {
        var random = new Random(12);
        var writer = new ByteWriter();
        SketchBytes.Write(Sketch(1200).Registers, writer);
        var told = 0;
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            var bytes = writer.Written[..(random.Next(2) == 0 ? writer.Length : random.Next(2, writer.Length))].ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(2, bytes.Length + 1) % bytes.Length] = (byte)random.Next(256);
            }

            try
            {
                var reader = new ByteReader(bytes);
                _ = reader.Varint();
                SketchBytes.Merge(new(), SketchBytes.Sparse, ref reader);
            }
            catch (CorruptDataException)
            {
                told++;
            }
        }

        Assert.InRange(told, 1000, 2000);
    }

    static DistinctSketch Sketch(int hashes)
    {
        var random = new Random(hashes);
        var sketch = new DistinctSketch();
        for (; hashes > 0; hashes--)
        {
            sketch.Add((ulong)random.NextInt64(long.MinValue, long.MaxValue));
        }

        return sketch;
    }
}
