using FsCheck;
using FsCheck.Fluent;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class HexEncodingTests
{
    [Fact]
    public void Ids_of_any_length_and_case_come_back_exactly() => Prop.ForAll(
        ArbMap.Default.ArbFor<bool[]>(), Gen.Choose(4, 256).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (present, digits, seed) =>
    {
        var random = new Random(seed);
        byte[]?[] values = [.. present.Select(has => has ? Columns.Bytes(RandomText(random, digits, seed % 2 == 0)) : null)];
        AssertRoundTrip(values, ColumnEncoding.Hex);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Uuids_take_sixteen_bytes(bool upper)
    {
        byte[]?[] values = [.. Enumerable.Range(0, 1000).Select(_ => Columns.Bytes(upper ? $"{Guid.NewGuid()}".ToUpperInvariant() : $"{Guid.NewGuid()}"))];
        var chunk = Columns.Write(values, Write)!;
        Assert.InRange(chunk.Length, 16_000, 16_010);
        Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Hex, chunk, values.Length));
    }

    [Theory]
    [InlineData("0123456789abcdef", "0123456789ABCDEF")]
    [InlineData("0123456789abcdef", "0123456789abcde")]
    [InlineData("0123456789abcdef", "0123456789abcdeg")]
    [InlineData("0123456789abcdef", "0123456789abcde:")]
    [InlineData("0123456789abcdef", "0123456789abcde/")]
    [InlineData("0123456789abcdef", "`123456789abcdef")]
    [InlineData("0123456789ABCDEF", "0123456789ABCDE@")]
    [InlineData("0123456789ABCDEF", "0123456789ABCDEG")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-7086772-950e")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b0d9cb-469f-a165-70867728950e")]
    [InlineData("abc", "abd")]
    [InlineData("", "")]
    public void What_does_not_come_back_is_refused(string one, string other) => Assert.Null(Columns.Write([Columns.Bytes(one), Columns.Bytes(other)], Write));

    static string RandomText(Random random, int digits, bool lower) =>
        new(random.GetItems<char>(lower ? "0123456789abcdef" : "0123456789ABCDEF", digits));

    static void AssertRoundTrip(byte[]?[] values, ColumnEncoding encoding)
    {
        if (Columns.Write(values, Write) is { } chunk)
        {
            Columns.AssertHolds(values, Columns.Read(encoding, chunk, values.Length));
        }
        else
        {
            Assert.All(values, Assert.Null);
        }
    }

    static bool Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch) => HexEncoding.TryWrite(target, column, 0);
}
