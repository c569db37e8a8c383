using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// As <see cref="DictionaryEncoding"/>, but the distinct values are a column of their own, the absent one left out: their
/// count, 1 + the absent one's code (0: none), whether kinds follow, the column, kinds, codes.
/// </summary>
static class CodedEncoding
{
    /// <summary>With fewer distinct values than records by this factor, a value is looked at so often that its bytes pay.</summary>
    const int FewValues = 4;

    /// <param name="target">Where it goes.</param>
    /// <param name="count">Records.</param>
    /// <param name="scratch">The encoder's buffers; its dictionary has been built from the column.</param>
    /// <param name="level">The set of separators at which values may be cut.</param>
    /// <param name="plan">What is known of the distinct values of other blocks.</param>
    public static void Write(ByteWriter target, int count, EncoderScratch scratch, int level, ColumnPlan plan)
    {
        var dictionary = scratch.Dictionary;
        target.Varint((ulong)dictionary.Count);
        target.Varint((ulong)(dictionary.AbsentCode + 1));
        target.Byte(dictionary.HasKinds ? (byte)1 : (byte)0);

        var present = scratch.Spans(dictionary.Count);
        var at = 0;
        for (var code = 0; code < dictionary.Count; code++)
        {
            if (code != dictionary.AbsentCode)
            {
                present[at++] = dictionary.Values[code];
            }
        }

        NestedColumn.Write(target, ColumnInput.Of(dictionary.Text, present[..at], scratch), scratch.Nested, plan, level, areDistinct: true);
        if (dictionary.HasKinds)
        {
            Section.Write(target, dictionary.Kinds, BlockEncoder.TextQuality);
        }

        DictionaryEncoding.WriteCodes(target, dictionary.Codes(count), scratch);
    }

    /// <summary>Values of columns with few of them become bytes at once; many stay the column that they are until they are asked for.</summary>
    public static DictionaryVector Read(ref ByteReader source, int count, NestingLimit limit)
    {
        var distinct = source.Size(Math.Min(count, BlockFormat.MaxDictionary));
        var absent = source.Size(distinct) - 1;
        var hasKinds = source.Byte() != 0;
        var values = NestedColumn.Read(ref source, absent < 0 ? distinct : distinct - 1, limit);
        var kinds = hasKinds ? Section.Read(ref source) : null;
        if (kinds is not null && kinds.Length != distinct)
        {
            throw new CorruptDataException("a dictionary has more or fewer kinds than values");
        }

        var column = DictionaryVector.Of(count, values, DictionaryEncoding.ReadCodes(ref source, count, distinct), absent, kinds);
        return values is TemplateVector or Ipv4Vector or HexVector && distinct > count / FewValues
            ? column
            : new DictionaryVector(count, column.Values, column.Codes, absent, kinds);
    }
}
