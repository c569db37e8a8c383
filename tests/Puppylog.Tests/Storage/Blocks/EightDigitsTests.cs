using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class EightDigitsTests
{
    [Fact]
    public void Says_of_any_short_text_what_reading_it_byte_by_byte_says() =>
        Prop.ForAll(
            Gen.ArrayOf(Gen.Frequency((9, Gen.Elements("0123456789".ToCharArray())), (1, Gen.Choose(0, 255).Select(b => (char)b))), 8)
                .Zip(Gen.Choose(1, 8)).ToArbitrary(),
            script =>
            {
                var (text, length) = script;
                var bytes = text.Select(c => (byte)c).ToArray();
                if (bytes[0] == '-')
                {
                    return true;
                }

                var expected = IntegerEncoding.TryCanonical(bytes.AsSpan(0, length), out var number);
                var found = EightDigits.TryParse(BinaryPrimitives.ReadUInt64LittleEndian(bytes), length, out var value);
                return found == expected && (!found || value == number);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("12345678", 12345678)]
    [InlineData("99999999", 99999999)]
    [InlineData("00", null)]
    [InlineData("01234567", null)]
    [InlineData("1234567:", null)]
    [InlineData("/", null)]
    [InlineData("-1", null)]
    public void Digits_without_a_leading_zero_are_a_number(string text, int? expected)
    {
        // What follows the text is other text.
        var bytes = Encoding.ASCII.GetBytes(text.PadRight(8, 'x'));
        var found = EightDigits.TryParse(BinaryPrimitives.ReadUInt64LittleEndian(bytes), text.Length, out var value);
        Assert.Equal(expected, found ? (int)value : null);
    }

    [Fact]
    public void Empty_value_before_digits_is_no_number()
    {
        var numbers = new long[2];
        var column = ColumnInput.Of("57549432 and more"u8, [new(0, 8), new(0, 0)], new EncoderScratch());

        Assert.False(IntegerEncoding.TryParse(column, numbers, out _, out _, out _));
    }
}
