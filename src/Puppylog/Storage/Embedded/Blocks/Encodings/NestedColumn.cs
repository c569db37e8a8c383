using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// A column within a column (a variable of templates, the values of a dictionary, exceptions): 1 byte encoding, then as
/// that encoding says. All its values are present.
/// </summary>
static class NestedColumn
{
    /// <param name="target">Where it goes.</param>
    /// <param name="column">The values; all are present and of no kind.</param>
    /// <param name="scratch">Buffers of this depth.</param>
    /// <param name="plan">What is known of the column from other blocks.</param>
    /// <param name="level">The set of separators at which values may be cut.</param>
    /// <param name="areDistinct">True where no value comes twice.</param>
    /// <param name="words">Gets the words of the values; null where they are known.</param>
    public static void Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch, ColumnPlan plan, int level = 0, bool areDistinct = false, WordFilterBuilder? words = null)
    {
        var at = target.Length;
        scratch.Limit.Take(column.Rows.Length);
        target.Byte(0);
        var before = plan.Begin(column.Rows.Length);
        scratch.Integers.Sections = plan.Sections;
        var encoding = before is { } known && TryKnown(known, target, column, scratch, plan, level, words) ? known
            : plan.Keep(WriteBest(target, column, scratch, plan, level, areDistinct, words));
        target.Overwrite(at, (byte)encoding);
        if (words is not null && encoding is ColumnEncoding.Integer or ColumnEncoding.Decimal or ColumnEncoding.Hex or ColumnEncoding.Ipv4 or ColumnEncoding.Text)
        {
            WordSplitter.AddWords(column, words);
        }
    }

    /// <summary>Writes the column as it was written in the block before; false, with nothing written, where its values are of another kind now.</summary>
    static bool TryKnown(ColumnEncoding encoding, ByteWriter target, in ColumnInput column, EncoderScratch scratch, ColumnPlan plan, int level, WordFilterBuilder? words)
    {
        if (column.Rows.IsEmpty)
        {
            return false;
        }

        switch (encoding)
        {
            case ColumnEncoding.Integer:
                var numbers = scratch.Numbers(column.Rows.Length);
                if (!IntegerEncoding.TryParse(column, numbers, out var present, out _, out _))
                {
                    return false;
                }

                IntegerEncoding.Write(target, column, numbers, present, 0, scratch);
                return true;
            case ColumnEncoding.Decimal:
                return DecimalEncoding.TryWrite(target, column, 0, scratch);
            case ColumnEncoding.Hex:
                return HexEncoding.TryWrite(target, column, 0);
            case ColumnEncoding.Ipv4:
                return Ipv4Encoding.TryWrite(target, column, 0, scratch);
            case ColumnEncoding.Template:
                return TemplateEncoding.TryWrite(target, column, scratch, level, plan, words);
            case ColumnEncoding.Text:
                TextEncoding.Write(target, column, scratch, BlockEncoder.TextQuality);
                return true;
            default:
                return false;
        }
    }

    static ColumnEncoding WriteBest(ByteWriter target, in ColumnInput column, EncoderScratch scratch, ColumnPlan plan, int level, bool areDistinct, WordFilterBuilder? words)
    {
        var count = column.Rows.Length;
        var mayNest = scratch.Depth < NestingLimit.MaxDepth - 1;
        if (count > 0 && mayNest)
        {
            var sample = ValueSample.Of(column);
            var numbers = scratch.Numbers(count);
            var isInteger = sample.AreIntegers && IntegerEncoding.TryParse(column, numbers, out _, out _, out _);
            var isNumber = isInteger || sample.AreDecimals;
            if (!areDistinct && TryDictionary(column, scratch, isNumber))
            {
                return WriteDictionary(target, count, scratch, plan, level, words);
            }

            if (isInteger)
            {
                IntegerEncoding.Write(target, column, numbers, count, 0, scratch);
                return ColumnEncoding.Integer;
            }

            if (sample.AreDecimals && DecimalEncoding.TryWrite(target, column, 0, scratch))
            {
                return ColumnEncoding.Decimal;
            }

            if (!areDistinct && isNumber && TryDictionary(column, scratch, isNumber: false))
            {
                return WriteDictionary(target, count, scratch, plan, level, words);
            }

            if (sample.AreHex && HexEncoding.TryWrite(target, column, 0))
            {
                return ColumnEncoding.Hex;
            }

            if (sample.AreAddresses && Ipv4Encoding.TryWrite(target, column, 0, scratch))
            {
                return ColumnEncoding.Ipv4;
            }

            if (TemplateEncoding.TryWrite(target, column, scratch, level, plan, words))
            {
                return ColumnEncoding.Template;
            }
        }

        TextEncoding.Write(target, column, scratch, BlockEncoder.TextQuality);
        return ColumnEncoding.Text;
    }

    static ColumnEncoding WriteDictionary(ByteWriter target, int count, EncoderScratch scratch, ColumnPlan plan, int level, WordFilterBuilder? words)
    {
        if (words is not null)
        {
            WordSplitter.AddWords(scratch.Dictionary.Text, words);
        }

        if (scratch.Dictionary.Count == 1)
        {
            ConstantEncoding.Write(target, scratch.Dictionary.Value(0), 0);
            return ColumnEncoding.Constant;
        }

        CodedEncoding.Write(target, count, scratch, level, plan.Distinct);
        return ColumnEncoding.Coded;
    }

    /// <summary>Values within templates of whole lines are as many, and repeat themselves as much, as those of a field.</summary>
    const int MinFieldRows = 4096;

    /// <summary>Numbers are smaller and faster as such, but where they are few; what is none of them, such as a dash where there is none, is an exception.</summary>
    static bool TryDictionary(in ColumnInput column, EncoderScratch scratch, bool isNumber) => isNumber ? scratch.Dictionary.TryBuild(column, 256, 0.1, 64, 0.8)
        : scratch.Depth == 1 && column.Rows.Length >= MinFieldRows ? scratch.Dictionary.TryBuild(column, BlockFormat.MaxDictionary)
        : scratch.Dictionary.TryBuild(column, 1 << 13, 0.4, 512, 0.8);

    public static ColumnVector Read(ref ByteReader source, int count, NestingLimit limit)
    {
        limit.Enter(count);
        var column = ReadPlain((ColumnEncoding)source.Byte(), ref source, count, limit);
        limit.Leave();
        return column;
    }

    /// <summary>Reads a column that stands for itself: of any encoding but lines, times and references to others.</summary>
    public static ColumnVector ReadPlain(ColumnEncoding encoding, ref ByteReader source, int count, NestingLimit limit) => encoding switch
    {
        ColumnEncoding.Constant => ConstantEncoding.Read(ref source, count),
        ColumnEncoding.Dictionary => DictionaryEncoding.Read(ref source, count),
        ColumnEncoding.Integer => IntegerEncoding.Read(ref source, count),
        ColumnEncoding.Text => TextEncoding.Read(ref source, count),
        ColumnEncoding.Ipv4 => Ipv4Encoding.Read(ref source, count, limit),
        ColumnEncoding.Hex => HexEncoding.Read(ref source, count),
        ColumnEncoding.Decimal => DecimalEncoding.Read(ref source, count, limit),
        ColumnEncoding.Template => TemplateEncoding.Read(ref source, count, limit),
        ColumnEncoding.Coded => CodedEncoding.Read(ref source, count, limit),
        _ => throw new CorruptDataException($"unknown encoding {(byte)encoding}"),
    };
}
