using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.WordFilters;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Chooses the encoding of a column from its values, and writes it. See <see cref="BlockEncoder"/>.</summary>
sealed class ColumnWriter(BlockChunks chunks)
{
    /// <summary>Records and bytes up to which text is compressed once more, and better: 2,000 lines take 10 ms longer.</summary>
    const int SmallRows = 4096;
    const int SmallText = 512 << 10;

    /// <summary>Brotli's quality for it. (Beyond 5 it takes much longer for little.)</summary>
    const int SmallTextQuality = 5;

    /// <summary>Columns whose plans are kept from block to block.</summary>
    const int MaxPlans = 1024;

    readonly Dictionary<string, ColumnPlan> _plans = new(StringComparer.Ordinal);

    public void Write(string name, in ColumnInput column)
    {
        var plan = Plan(name);
        var known = plan.Begin(column.Rows.Length);
        chunks.Scratch.Integers.Sections = plan.Sections;
        Write(name, column, plan, known);
        chunks.Scratch.Integers.Sections = null;
    }

    void Write(string name, in ColumnInput column, ColumnPlan plan, ColumnEncoding? known)
    {
        if (known is ColumnEncoding.Template or ColumnEncoding.Text)
        {
            chunks.Scratch.Limit.Reset(column.Rows.Length);
            WriteText(name, column, null, plan);
            return;
        }

        var start = chunks.Bytes.Length;
        chunks.Scratch.Limit.Reset(column.Rows.Length);
        var numbers = chunks.Scratch.Numbers(column.Rows.Length);
        var dictionary = chunks.Scratch.Dictionary;
        (long Min, long Max)? bounds = null;
        // Few distinct numbers (a status) are smaller and faster as a dictionary, and need not be read one by one.
        if (dictionary.TryBuild(column, 256))
        {
            bounds = IntegerEncoding.Bounds(dictionary);
        }
        else
        {
            if (IntegerEncoding.TryParse(column, numbers, out var present, out var min, out var max))
            {
                bounds = (min, max);
                var kind = UniformKind(column);
                if (kind >= 0)
                {
                    if (!chunks.IsSparse)
                    {
                        chunks.Kept?.Add(name, column, numbers, present, (ValueKind)kind);
                    }

                    IntegerEncoding.Write(chunks.Bytes, column, numbers, present, (byte)kind, chunks.Scratch);
                    chunks.Add(name, ColumnEncoding.Integer, start, bounds);
                    return;
                }
            }
            else if (ValueSample.Of(column).AreDecimals)
            {
                WriteText(name, column, null, plan);
                return;
            }

            if (!dictionary.TryContinue(column, BlockFormat.MaxDictionary))
            {
                WriteText(name, column, bounds, plan);
                return;
            }
        }

        if (dictionary.AbsentCode == 0 && dictionary.Count == 1)
        {
            return;
        }

        WordSplitter.AddWords(dictionary.Text, chunks.Words);
        if (dictionary.Count == 1)
        {
            ConstantEncoding.Write(chunks.Bytes, dictionary.Value(0), dictionary.Kinds[0]);
            chunks.Add(name, ColumnEncoding.Constant, start, bounds);
            return;
        }

        if (!chunks.IsSparse)
        {
            chunks.Kept?.Add(name, dictionary, column.Rows.Length);
        }

        CodedEncoding.Write(chunks.Bytes, column.Rows.Length, chunks.Scratch, 0, plan.Distinct);
        chunks.Add(name, ColumnEncoding.Coded, start, bounds);
    }

    ColumnPlan Plan(string name)
    {
        if (_plans.TryGetValue(name, out var plan))
        {
            return plan;
        }

        if (_plans.Count == MaxPlans)
        {
            _plans.Clear();
        }

        return _plans[name] = new();
    }

    /// <summary>Writes values of which few come twice.</summary>
    void WriteText(string name, in ColumnInput column, (long Min, long Max)? bounds, ColumnPlan plan)
    {
        var start = chunks.Bytes.Length;
        var encoding = WriteText(column, plan);
        chunks.Add(name, encoding, start, bounds);
        if (bounds is null)
        {
            plan.Keep(encoding);
        }
    }

    ColumnEncoding WriteText(in ColumnInput column, ColumnPlan plan)
    {
        var kind = UniformKind(column);
        if (kind >= 0)
        {
            var sample = ValueSample.Of(column);
            var encoding = sample.AreDecimals && DecimalEncoding.TryWrite(chunks.Bytes, column, (byte)kind, chunks.Scratch) ? ColumnEncoding.Decimal
                : sample.AreHex && HexEncoding.TryWrite(chunks.Bytes, column, (byte)kind) ? ColumnEncoding.Hex
                : sample.AreAddresses && Ipv4Encoding.TryWrite(chunks.Bytes, column, (byte)kind, chunks.Scratch) ? ColumnEncoding.Ipv4
                : ColumnEncoding.Text;
            if (encoding != ColumnEncoding.Text)
            {
                WordSplitter.AddWords(column, chunks.Words);
                return encoding;
            }
        }

        var start = chunks.Bytes.Length;
        var isSmall = IsSmall(column);
        if (!TemplateEncoding.TryWrite(chunks.Bytes, column, chunks.Scratch, 0, plan, chunks.Words))
        {
            WordSplitter.AddWords(column, chunks.Words);
            TextEncoding.Write(chunks.Bytes, column, chunks.Scratch, isSmall ? SmallTextQuality : BlockEncoder.TextQuality);
            return ColumnEncoding.Text;
        }

        return isSmall && IsSmallerAsText(column, start) ? ColumnEncoding.Text : ColumnEncoding.Template;
    }

    /// <summary>So little text that a better compressor takes no time that matters.</summary>
    static bool IsSmall(in ColumnInput column)
    {
        if (column.Rows.Length > SmallRows)
        {
            return false;
        }

        var length = 0L;
        foreach (var row in column.Rows)
        {
            length += Math.Max(0, column.Spans[row].Length);
        }

        return length <= SmallText;
    }

    /// <summary>Templates take room for themselves, which few values do not win back. Writes text over them where that is smaller.</summary>
    bool IsSmallerAsText(in ColumnInput column, int start)
    {
        var bytes = chunks.Bytes;
        var end = bytes.Length;
        TextEncoding.Write(bytes, column, chunks.Scratch, SmallTextQuality);
        var text = bytes.Written[end..];
        if (text.Length >= end - start)
        {
            bytes.Truncate(end);
            return false;
        }

        var kept = text.ToArray();
        bytes.Truncate(start);
        bytes.Bytes(kept);
        return true;
    }

    /// <summary>The kind that all present values have, or -1.</summary>
    static int UniformKind(in ColumnInput column)
    {
        if (column.Kinds is not { } kinds)
        {
            return 0;
        }

        var kind = -1;
        foreach (var row in column.Rows)
        {
            if (column.Spans[row].IsAbsent)
            {
                continue;
            }

            var own = (int)kinds.Kind(row);
            if (kind >= 0 && own != kind)
            {
                return -1;
            }

            kind = own;
        }

        return kind;
    }
}
