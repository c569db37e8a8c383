using System.Globalization;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class NestedColumnTests
{
    const int Count = 6000;

    [Theory]
    [InlineData("numbers and dashes", ColumnEncoding.Decimal)]
    [InlineData("few numbers and dashes", ColumnEncoding.Coded)]
    [InlineData("numbers and words", ColumnEncoding.Coded)]
    public void Numbers_that_are_many_are_no_dictionary_though_some_are_missing(string kind, object encoding)
    {
        var random = new Random(2);
        byte[]?[] values = [.. Enumerable.Range(0, Count).Select(_ => Columns.Bytes(Value(kind, random)))];
        var chunk = Columns.Write(values, (target, in column, scratch) =>
        {
            NestedColumn.Write(target, column, scratch.Nested, new());
            return true;
        })!;
        Assert.Equal((ColumnEncoding)encoding, (ColumnEncoding)chunk[0]);
        var reader = new ByteReader(chunk);
        Columns.AssertHolds(values, NestedColumn.Read(ref reader, Count, NestingLimit.OfReader(Count)));
        Assert.Equal(0, reader.Remaining);
    }

    static string Value(string kind, Random random) => kind switch
    {
        "numbers and dashes" => random.Next(12) == 0 ? "-" : Number(random.Next(800)),
        "few numbers and dashes" => random.Next(12) == 0 ? "-" : Number(random.Next(40)),
        // Too many are none for numbers with exceptions, and they repeat themselves.
        "numbers and words" => random.Next(6) == 0 ? "word" + Number(random.Next(50)) : Number(random.Next(500)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
