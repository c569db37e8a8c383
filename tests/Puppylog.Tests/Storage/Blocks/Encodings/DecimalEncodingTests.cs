using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class DecimalEncodingTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("0.0", 0, 1)]
    [InlineData("0.123", 123, 3)]
    [InlineData("12.50", 1250, 2)]
    [InlineData("-0.5", -5, 1)]
    [InlineData("-12", -12, 0)]
    [InlineData("0.00000000000000001", 1, 17)]
    [InlineData("999999999999999999", 999_999_999_999_999_999, 0)]
    public void Number_is_its_digits_and_how_many_are_behind_the_point(string text, long mantissa, int scale)
    {
        Assert.True(DecimalEncoding.TryParse(Columns.Bytes(text), 0, out var parsed, out var digits));
        Assert.Equal((mantissa, scale), (parsed, digits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("00.5")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("1e5")]
    [InlineData("1,5")]
    [InlineData("1234567890.123456789")]
    public void What_would_print_otherwise_is_no_number(string text) => Assert.False(DecimalEncoding.TryParse(Columns.Bytes(text), 0, out _, out _));

    /// <summary>Whatever is taken for a number, from text made of the bytes that numbers are made of, prints as it was.</summary>
    [Fact]
    public void What_is_a_number_prints_as_it_was() => Prop.ForAll(
        Gen.Elements("0", "00", "1", "9", "5", ".", "-", "12345").ArrayOf().ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (parts, padded) =>
    {
        var text = Columns.Bytes(string.Concat(parts));
        var width = padded ? text.Length : 0;
        if (DecimalEncoding.TryParse(text, width, out var mantissa, out var scale))
        {
            Assert.Equal(Encoding.ASCII.GetString(text), Encoding.ASCII.GetString(new DecimalVector(1, [mantissa], [scale], width, null).Value(0)));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_and_exceptions_come_back_exactly() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var odd = random.Next(3) * 0.05;
        byte[]?[] values = [.. Enumerable.Range(0, random.Next(400)).Select(_ => random.Next(9) == 0 ? null
            : Columns.Bytes(random.NextDouble() < odd ? new[] { "-", "NaN", "1e9", "", "007.5" }[random.Next(5)]
                : random.Next(-9999, 9999).ToString(System.Globalization.CultureInfo.InvariantCulture) + new[] { "", ".0", ".50", ".125" }[random.Next(4)]))];
        if (Columns.Write(values, Write) is { } chunk)
        {
            Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Decimal, chunk, values.Length));
        }
        else
        {
            Assert.True(odd > 0 || values.All(value => value is null));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Zeros_before_a_number_of_fixed_width_come_back()
    {
        byte[]?[] values = [.. Enumerable.Range(0, 2000).Select(i => Columns.Bytes(i == 77 ? "12345" : i == 78 ? "-123456" : $"{i:D6}"))];
        var chunk = Columns.Write(values, Write)!;
        Assert.InRange(chunk.Length, 1, 200);
        Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Decimal, chunk, values.Length));
    }

    static bool Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch) => DecimalEncoding.TryWrite(target, column, 0, scratch);
}
