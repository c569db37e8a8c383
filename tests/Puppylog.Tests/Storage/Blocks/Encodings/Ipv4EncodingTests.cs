using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class Ipv4EncodingTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("255.255.255.255", uint.MaxValue)]
    [InlineData("10.1.2.30", 0x0A01021Eu)]
    public void Canonical_address_is_a_number(string text, uint address)
    {
        Assert.True(Ipv4Encoding.TryParse(Columns.Bytes(text), out var parsed));
        Assert.Equal(address, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3.4")]
    [InlineData("1..2.3.4")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.+4")]
    [InlineData("1.2.3.4/24")]
    public void Any_other_form_is_none(string text) => Assert.False(Ipv4Encoding.TryParse(Columns.Bytes(text), out _));

    [Fact]
    public void Addresses_come_back_exactly() => Prop.ForAll(ArbMap.Default.ArbFor<uint?[]>(), addresses =>
    {
        var values = addresses.Select(address => address is { } a ? Columns.Bytes(Text(a)) : null).ToArray();
        if (Columns.Write(values, Write) is { } chunk)
        {
            Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Ipv4, chunk, values.Length));
        }
        else
        {
            Assert.All(values, Assert.Null);
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public void What_is_no_address_is_an_exception(int every)
    {
        byte[]?[] values = [.. Enumerable.Range(0, 300).Select(i => i % 7 == 3 ? null : i % every == 2 ? Columns.Bytes(i % 2 == 0 ? $"2001:db8::{i:x}" : "") : Columns.Bytes(Text((uint)i * 7_777_777)))];
        Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Ipv4, Columns.Write(values, Write)!, values.Length));
    }

    [Fact]
    public void Names_are_refused() => Assert.Null(Columns.Write([.. Enumerable.Range(0, 100).Select(i => Columns.Bytes(i % 2 == 0 ? "1.2.3.4" : $"host{i}"))], Write));

    static bool Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch) => Ipv4Encoding.TryWrite(target, column, 0, scratch);

    static string Text(uint address)
    {
        var text = new byte[Ipv4Vector.MaxLength];
        var length = Ipv4Vector.Format(address, text);
        var expected = $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}";
        Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(text, 0, length));
        return expected;
    }
}
