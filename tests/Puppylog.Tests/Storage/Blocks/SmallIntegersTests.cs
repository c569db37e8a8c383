using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class SmallIntegersTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Numbers_of_few_bits_come_back_from_shared_bytes(int most)
    {
        for (var count = 1; count < 40; count++)
        {
            var random = new Random(count);
            long[] values = [.. Enumerable.Range(0, count).Select(_ => random.Next(most) - 7L)];
            var width = SmallIntegers.Width((ulong)most - 1);
            var packed = new byte[SmallIntegers.ByteCount(count, width)];
            SmallIntegers.Pack(values, -7, width, packed);
            var read = new long[count];
            SmallIntegers.Unpack(packed, -7, width, read);
            Assert.Equal(values, read);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(13)]
    [InlineData(200)]
    public void Rare_numbers_cost_less_than_their_width_and_come_back(int most)
    {
        var random = new Random(most);
        var values = new long[10_000];
        foreach (ref var value in values.AsSpan())
        {
            value = (long)(most * Math.Pow(random.NextDouble(), 12)) + 200;
        }

        var target = new ByteWriter();
        PackedIntegers.Write(target, values, new(), mayAscend: false);
        Assert.InRange(target.Length, 1, values.Length * Bits.Width((ulong)most - 1) / 8 * 9 / 10);
        var source = new ByteReader(target.Written);
        var read = new long[values.Length];
        PackedIntegers.Read(ref source, read);
        Assert.Equal(values, read);
    }

    [Fact]
    public void Width_that_no_byte_is_shared_by_is_corrupt_data()
    {
        byte[] chunk = [4, 0, 3, 0, 1, 0];
        Assert.Throws<CorruptDataException>(() =>
        {
            var source = new ByteReader(chunk);
            PackedIntegers.Read(ref source, new long[2]);
        });
    }
}
