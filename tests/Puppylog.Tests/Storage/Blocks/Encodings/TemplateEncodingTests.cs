using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class TemplateEncodingTests
{
    [Fact]
    public void Messages_are_told_apart_and_what_they_share_is_kept_once()
    {
        var random = new Random(5);
        byte[]?[] values = [.. Enumerable.Range(0, 4000).Select(i => Columns.Bytes((i % 3) switch
        {
            0 => $"user {random.Next(100000)} logged in from 10.0.{random.Next(256)}.{random.Next(256)}",
            1 => $"order {random.Next(100000)} was paid by {random.NextInt64():x16}",
            _ => $"cache refreshed in {random.Next(500)} ms with success",
        }))];
        var column = (TemplateVector)Columns.Read(ColumnEncoding.Template, Columns.Write(values, Write)!, values.Length);
        Assert.Equal(
            ["cache refreshed in {} ms with success", "order {} was paid by {}", "user {} logged in from {}"],
            column.Templates.Where(template => template.Rows > 0).Select(Print).Order(StringComparer.Ordinal));
        Assert.Equal(5, column.Variables.Length);
        Assert.All(column.Templates, template => Assert.All(template.Parts.Where(part => !part.IsLiteral), part => Assert.Equal(template.Rows, column.Variables[part.Variable].Count)));
        Assert.Contains(column.Variables, variable => variable is LazyVector { Form: LazyForm.Hexadecimal, IsDecoded: false, Column: HexVector { Digits: 16 } });
        Assert.Contains(column.Variables, variable => variable is LazyVector { Form: LazyForm.Decimal, IsDecoded: false, Column: IntegerVector });
        Columns.AssertHolds(values, column);
    }

    /// <summary>A host says nothing about the message beside it: one template for all hosts.</summary>
    [Fact]
    public void Independent_words_remain_variables()
    {
        var random = new Random(6);
        byte[]?[] values = [.. Enumerable.Range(0, 4000).Select(i => Columns.Bytes($"host{(char)('a' + random.Next(12))} {(random.Next(2) == 0 ? "link is up at" : "queue was flushed with")} {random.Next(90000)}"))];
        var column = (TemplateVector)Columns.Read(ColumnEncoding.Template, Columns.Write(values, Write)!, values.Length);
        Assert.Equal(["{} link is up at {}", "{} queue was flushed with {}"], column.Templates.Where(template => template.Rows > 0).Select(Print).Order(StringComparer.Ordinal));
        Columns.AssertHolds(values, column);
    }

    [Fact]
    public void Any_text_comes_back_exactly() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var names = ValueKinds.All.Keys.ToArray();
        string[] kinds = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)])];
        byte[]?[] values = [.. Enumerable.Range(0, random.Next(500)).Select(i => ValueKinds.All[kinds[random.Next(kinds.Length)]](random, i))];
        if (Columns.Write(values, Write) is { } chunk)
        {
            Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Template, chunk, values.Length));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_of_all_different_shapes_are_refused()
    {
        var random = new Random(7);
        byte[]?[] values = [.. Enumerable.Range(0, 1 << 16).Select(i => ValueKinds.All["different shapes"](random, i))];
        Assert.Null(Columns.Write(values, Write));
    }

    [Fact]
    public void Value_of_a_megabyte_and_a_million_separators_come_back()
    {
        byte[]?[] values = [.. Enumerable.Range(0, 100).Select(i => i switch
        {
            50 => Columns.Bytes(new string('x', 1 << 20)),
            51 => Columns.Bytes(string.Concat(Enumerable.Repeat("a b/c=", 1 << 18))),
            _ => Columns.Bytes($"took {i * 31 % 97} ms"),
        })];
        Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Template, Columns.Write(values, Write)!, values.Length));
    }

    [Fact]
    public void Columns_too_deep_within_each_other_are_refused()
    {
        // A dictionary of one value in a dictionary of one value, and so on.
        byte[] chunk = [1, 0, 0];
        var deep = Enumerable.Repeat<byte[]>([1, 0, 0, (byte)ColumnEncoding.Coded], 100).SelectMany(bytes => bytes).Concat(chunk).ToArray();
        Assert.Throws<CorruptDataException>(() => Columns.Read(ColumnEncoding.Coded, deep, 1));
    }

    static string Print(TextTemplate template) => string.Concat(template.Parts.Select(part => part.IsLiteral ? Encoding.UTF8.GetString(part.Literal) : "{}"));

    static bool Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch) => TemplateEncoding.TryWrite(target, column, scratch, 0, new(), null);
}
