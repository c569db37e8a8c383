using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public class SkippedColumnTests
{
    const int Count = 500;

    static readonly Dictionary<string, LazyForm> Forms = new(StringComparer.Ordinal)
    {
        ["integers"] = LazyForm.Decimal,
        ["addresses"] = LazyForm.Decimal,
        ["decimals"] = LazyForm.Decimal,
        ["hexadecimal"] = LazyForm.Hexadecimal,
        ["hexadecimal of odd length"] = LazyForm.Hexadecimal,
    };

    [Theory]
    [InlineData("integers")]
    [InlineData("addresses")]
    [InlineData("hexadecimal")]
    [InlineData("hexadecimal of odd length")]
    [InlineData("decimals and others")]
    [InlineData("few values and none")]
    [InlineData("decimals")]
    [InlineData("text")]
    [InlineData("few values")]
    [InlineData("templates")]
    [InlineData("addresses and others")]
    public void A_column_that_is_passed_ends_where_it_ends_and_is_decoded_later(string kind)
    {
        var values = Values(kind);
        var bytes = Written(values);
        var source = new ByteReader(bytes);
        var column = SkippedColumn.Read(ref source, Count, NestingLimit.OfReader(Count));
        Assert.Equal(3, source.Remaining);
        Assert.Equal(kind != "templates", column is LazyVector { IsDecoded: false });

        var form = (column as LazyVector)?.Form ?? LazyForm.Any;
        Assert.Equal(Forms.GetValueOrDefault(kind), form);
        Assert.All(values.OfType<byte[]>(), value => Assert.False(value.AsSpan().ContainsAnyExcept(Alphabet(form)), $"{Encoding.ASCII.GetString(value)} is not {form}"));

        var shared = column.Share()!;
        for (var row = 0; row < Count; row++)
        {
            Assert.Equal(values[row], column.IsPresent(row) ? column.Value(row).ToArray() : null);
        }

        Assert.True(kind == "templates" || shared is LazyVector { IsDecoded: true });
        Assert.Equal(values[7], shared.Value(7));
    }

    [Fact]
    public void Damage_of_any_byte_is_found_or_harmless()
    {
        var random = new Random(7);
        foreach (var kind in (string[])["integers", "addresses", "hexadecimal", "hexadecimal of odd length", "decimals", "text", "few values", "templates", "addresses and others", "decimals and others", "few values and none"])
        {
            var bytes = Written(Values(kind));
            for (var round = 0; round < 300; round++)
            {
                var damaged = bytes.ToArray();
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    damaged[random.Next(Math.Min(damaged.Length, round < 150 ? 40 : int.MaxValue))] = (byte)random.Next(256);
                }

                try
                {
                    var source = new ByteReader(damaged.AsSpan(0, random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length));
                    var column = SkippedColumn.Read(ref source, Count, NestingLimit.OfReader(Count));
                    for (var row = 0; row < Count; row++)
                    {
                        _ = column.Value(row).Length;
                    }
                }
                catch (CorruptDataException)
                {
                    // Found.
                }
            }
        }
    }

    /// <summary>What a filter takes the values to be made of without decoding them.</summary>
    static byte[] Alphabet(LazyForm form) => form switch
    {
        LazyForm.Decimal => "-.0123456789"u8.ToArray(),
        LazyForm.Hexadecimal => "-0123456789ABCDEFabcdef"u8.ToArray(),
        _ => [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
    };

    static byte[]?[] Values(string kind)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, Count).Select(i => (kind switch
        {
            "integers" => $"{random.Next(1_000_000)}",
            "addresses" => $"10.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}",
            "addresses and others" => i % 100 == 3 ? $"unknown{i}" : $"10.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}",
            "hexadecimal" => $"{random.NextInt64():x16}",
            "hexadecimal of odd length" => $"{random.NextInt64(1L << 52):x13}",
            "decimals" => FormattableString.Invariant($"{random.Next(100_000) / 100m:F2}"),
            "decimals and others" => i % 100 == 3 ? $"n/a{i}" : FormattableString.Invariant($"{random.Next(100_000) / 100m:F2}"),
            "few values and none" when i % 7 == 3 => null,
            "few values" or "few values and none" => $"page-{random.Next(20)}-of-many",
            "templates" => $"user {random.Next(100000)} logged in from 10.0.{random.Next(256)}.{random.Next(256)}",
            _ => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)random.Next('!', '~'))),
        }) is { } text ? Columns.Bytes(text) : null)];
    }

    /// <summary>The column, and three bytes of what follows.</summary>
    static byte[] Written(byte[]?[] values)
    {
        var target = new ByteWriter();
        Columns.Write(values, (ByteWriter writer, in ColumnInput column, EncoderScratch scratch) =>
        {
            NestedColumn.Write(target, column, scratch, new());
            return true;
        });
        target.Bytes([1, 2, 3]);
        return target.Written.ToArray();
    }
}
