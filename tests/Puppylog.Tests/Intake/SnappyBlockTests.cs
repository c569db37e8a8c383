using System.Text;
using Puppylog.Intake;

namespace Puppylog.Tests.Intake;

public sealed class SnappyBlockTests
{
    const int Limit = 1 << 20;

    /// <summary>Blocks by hand, after format_description.txt: literals, and copies of each kind, overlapping ones included.</summary>
    [Theory]
    [InlineData("00", "")]
    [InlineData("03 08 616263", "abc")]
    [InlineData("05 F0 04 6162636465", "abcde")]
    [InlineData("08 0C 61626364 01 04", "abcdabcd")]
    [InlineData("0A 00 61 22 01 00", "aaaaaaaaaa")]
    [InlineData("09 08 616263 17 03 00 00 00", "abcabcabc")]
    [InlineData("8002 00 61 FE 01 00 FE 01 00 FE 01 00 FA 01 00", "a*256")]
    public void Block_stands_for(string hex, string expected)
    {
        var text = expected == "a*256" ? new string('a', 256) : expected;
        Assert.Equal(text, Encoding.ASCII.GetString(SnappyBlock.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), Limit)));
    }

    /// <summary>A copy of one byte's offset has three more bits of it in its tag; a literal's length may follow in two bytes.</summary>
    [Fact]
    public void Copy_from_further_back_than_a_byte_says()
    {
        byte[] literal = [.. Enumerable.Range(0, 1900).Select(i => (byte)(i % 251))];
        byte[] block = [.. ProtoBytes.Varint(1909), 61 << 2, 1899 & 0xFF, 1899 >> 8, .. literal, 0x01 | (5 << 2) | ((1800 >> 8) << 5), 1800 & 0xFF];
        Assert.Equal([.. literal, .. literal[100..109]], SnappyBlock.Decode(block, Limit));
    }

    [Theory]
    [InlineData("")]
    [InlineData("FFFFFFFFFF01")]
    [InlineData("03 08 6162")]
    [InlineData("04 08 616263")]
    [InlineData("02 08 616263")]
    [InlineData("08 0C 61626364 01 05")]
    [InlineData("08 0C 61626364 01 00")]
    [InlineData("07 0C 61626364 01 04")]
    [InlineData("05 FC FFFFFFFF 61")]
    [InlineData("C0843D 00 61")]
    public void Broken_block_is_refused(string hex) =>
        Assert.Throws<IntakeException>(() => SnappyBlock.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), Limit));

    [Fact]
    public void Claim_beyond_the_limit_is_too_much() =>
        Assert.True(Assert.Throws<IntakeException>(() => SnappyBlock.Decode([.. ProtoBytes.Varint(Limit + 1), 0, 1], Limit)).IsTooMuch);

    [Fact]
    public void Random_and_mutated_blocks_are_refused_or_read()
    {
        var random = new Random(17);
        var whole = ProtoBytes.Snappy([.. Enumerable.Range(0, 500).Select(i => (byte)i)]);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? (byte[])whole.Clone() : new byte[random.Next(40)];
            if (i % 2 == 1)
            {
                random.NextBytes(bytes);
            }

            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.InRange(SnappyBlock.Decode(bytes, Limit).Length, 0, Limit);
            }
            catch (IntakeException)
            {
                // What it should do.
            }
        }
    }
}
