using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Huffman;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class HuffmanTests
{
    /// <summary>Bytes of an alphabet of so many, the later the rarer.</summary>
    static byte[] Skewed(int alphabet, int count, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[count];
        foreach (ref var value in bytes.AsSpan())
        {
            value = (byte)(alphabet * Math.Pow(random.NextDouble(), 3));
        }

        return bytes;
    }

    static byte[] Write(ReadOnlySpan<byte> bytes)
    {
        var (counts, lengths) = (new int[256], new byte[256]);
        HuffmanWriter.Count(bytes, counts);
        Assert.True(HuffmanLengths.TryMake(counts, lengths));
        var target = new ByteWriter();
        HuffmanWriter.Write(target, bytes, lengths);
        return target.Written.ToArray();
    }

    static byte[] Read(byte[] packed, int count)
    {
        var source = new ByteReader(packed);
        var bytes = new byte[count];
        HuffmanReader.Read(ref source, bytes);
        Assert.Equal(0, source.Remaining);
        return bytes;
    }

    [Fact]
    public void Bytes_come_back_whatever_their_number_and_alphabet() =>
        Prop.ForAll(
            Gen.Choose(2, 256).Zip(Gen.Choose(2, 3000)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(),
            script =>
            {
                var ((alphabet, count), seed) = script;
                var bytes = Skewed(alphabet, count, seed);
                bytes[0] = 0;
                bytes[^1] = (byte)(alphabet - 1);
                return Read(Write(bytes), count).AsSpan().SequenceEqual(bytes);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_length_up_to_a_few_rounds_comes_back()
    {
        for (var count = 2; count < 300; count++)
        {
            var bytes = Skewed(40, count, count);
            (bytes[0], bytes[1]) = (39, 0);
            Assert.Equal(bytes, Read(Write(bytes), count));
        }
    }

    [Fact]
    public void Codes_are_as_short_as_Huffmans_and_never_longer_than_the_longest()
    {
        var lengths = new byte[256];
        Assert.True(HuffmanLengths.TryMake([1, 1, 2, 4], lengths));
        Assert.Equal([3, 3, 2, 1], lengths[..4]);

        // Fibonacci's numbers make the deepest tree.
        var counts = new int[256];
        (counts[0], counts[1]) = (1, 1);
        for (var i = 2; i < 40; i++)
        {
            counts[i] = counts[i - 1] + counts[i - 2];
        }

        Assert.True(HuffmanLengths.TryMake(counts, lengths));
        Assert.Equal(HuffmanLengths.Longest, lengths.Max());
        Assert.Equal(1 << HuffmanLengths.Longest, lengths.Where(length => length > 0).Sum(length => 1 << (HuffmanLengths.Longest - length)));
        Assert.All(lengths[..40], length => Assert.NotEqual(0, length));
    }

    [Fact]
    public void One_value_alone_has_no_code()
    {
        Assert.False(HuffmanLengths.TryMake([0, 7, 0], new byte[256]));
        Assert.False(HuffmanLengths.TryMake([], new byte[256]));
    }

    [Fact]
    public void Counts_are_those_of_the_bytes()
    {
        var bytes = Skewed(256, 1003, 5);
        var counts = new int[256];
        HuffmanWriter.Count(bytes, counts);
        Assert.Equal(Enumerable.Range(0, 256).Select(value => bytes.Count(b => b == value)), counts);
    }

    [Fact]
    public void Damaged_bytes_are_corrupt_data_and_nothing_else()
    {
        var random = new Random(11);
        for (var run = 0; run < 20_000; run++)
        {
            var count = random.Next(2, 400);
            var bytes = Skewed(random.Next(2, 257), count, run);
            bytes[0] = (byte)(bytes[^1] + 1);
            var packed = Write(bytes);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                packed[random.Next(packed.Length)] = (byte)random.Next(256);
            }

            if (random.Next(4) == 0)
            {
                packed = packed[..random.Next(packed.Length)];
            }

            try
            {
                var source = new ByteReader(packed);
                HuffmanReader.Read(ref source, new byte[random.Next(8) == 0 ? random.Next(500) : count]);
            }
            catch (CorruptDataException)
            {
            }
        }
    }

    [Theory]
    [InlineData("addresses", 2)]
    [InlineData("sentences", 1)]
    [InlineData("noise", 0)]
    [InlineData("one byte", 1)]
    public void Section_takes_the_codec_that_pays(string what, int codec)
    {
        var random = new Random(3);
        var bytes = new byte[20_000];
        switch (what)
        {
            case "addresses":
                foreach (ref var value in bytes.AsSpan())
                {
                    value = (byte)"0123456789."[random.Next(11)];
                }

                break;
            case "sentences":
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)"the quick brown fox "[i % 20];
                }

                break;
            case "noise":
                random.NextBytes(bytes);
                break;
        }

        var target = new ByteWriter();
        Section.Write(target, bytes, 1);
        Assert.Equal(codec, target.Written[0]);
        var source = new ByteReader(target.Written);
        Assert.Equal(bytes, Section.Read(ref source));
    }

    [Fact]
    public void Section_that_claims_more_than_its_bits_is_refused_before_anything_is_allocated()
    {
        var target = new ByteWriter();
        target.Byte(2);
        target.Varint(BlockFormat.MaxSectionLength);
        target.Bytes([1, 0x11, 0, 0, 0, 0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CorruptDataException>(() =>
        {
            var source = new ByteReader(target.Written);
            Section.Read(ref source);
        });
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }
}
