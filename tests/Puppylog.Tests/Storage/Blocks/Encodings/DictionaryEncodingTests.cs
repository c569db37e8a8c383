using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

public sealed class DictionaryEncodingTests
{
    [Fact]
    public void Dictionaries_of_format_1_are_still_read()
    {
        byte[]?[] values = [.. Enumerable.Range(0, 500).Select(i => i % 5 == 1 ? null : Columns.Bytes(i % 3 == 0 ? "" : $"value {i * i % 40}"))];
        Columns.AssertHolds(values, Columns.Read(ColumnEncoding.Dictionary, Columns.Write(values, Write)!, values.Length));
    }

    static bool Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch)
    {
        Assert.True(scratch.Dictionary.TryBuild(column, BlockFormat.MaxDictionary));
        DictionaryEncoding.Write(target, column.Rows.Length, scratch, BlockEncoder.TextQuality);
        return true;
    }
}
