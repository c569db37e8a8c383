using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Text as templates and variables: the templates (their number, and for each its parts: 0 for a variable, else 1 + the
/// length of fixed bytes and those), as a section; 1 + the template per record, 0 where absent; whether kinds follow, kinds;
/// then each variable as a column of the values of its template's records, in the order in which templates name them.
/// </summary>
static class TemplateEncoding
{
    /// <summary>Fewer values are not worth the planning.</summary>
    const int MinRows = 24;

    /// <summary>Values within as many columns as may be below which they are not split further.</summary>
    const int MinDeepRows = 256;

    /// <summary>How much text is compressed to see whether templates are better: little where they are much better, else more.</summary>
    const int FirstSample = 4 << 10;

    const int SecondSample = 32 << 10;

    /// <summary>
    /// Columns within columns that come to less than this part of their bytes stay templates: to compress a sample of each took a
    /// sixth of the time of free text, and said so in all but a few cases of little text.
    /// </summary>
    const long SurelyBetter = 3;

    /// <summary>Writes the column; false, with nothing written, where its values do not share shapes.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="column">The values.</param>
    /// <param name="scratch">Buffers.</param>
    /// <param name="level">The first set of separators at which values may be cut.</param>
    /// <param name="plan">What is known of the column from other blocks.</param>
    /// <param name="words">Gets the words of the values; null where they are known.</param>
    public static bool TryWrite(ByteWriter target, in ColumnInput column, EncoderScratch scratch, int level, ColumnPlan plan, WordFilterBuilder? words)
    {
        if (scratch.Depth >= scratch.Limit.Cuts || column.Rows.Length < (scratch.Depth == scratch.Limit.Cuts - 1 ? MinDeepRows : MinRows))
        {
            return false;
        }

        var places = scratch.Spans(column.Rows.Length);
        var present = 0;
        foreach (var row in column.Rows)
        {
            if (!column.Spans[row].IsAbsent)
            {
                places[present++] = column.Spans[row];
            }
        }

        var templates = plan.Templates ??= new();
        var templateOf = scratch.TemplateOf(present);
        if (present < MinRows || !templates.TryCut(column.Bytes, places[..present], level, scratch.Depth > 0, scratch.Templates, templateOf))
        {
            return false;
        }

        if (scratch.Depth == 0 && templates.Level == SeparatorSet.Structure)
        {
            scratch.Limit.CutToFields();
        }

        var start = target.Length;
        var isWritten = TryWrite(target, column, scratch, templates, templateOf, words) && (!templates.AreNew || IsBetter(column, present, target.Length - start, scratch));
        if (!isWritten)
        {
            target.Truncate(start);
            plan.Templates = null;
        }

        templates.Clear();
        return isWritten;
    }

    static bool TryWrite(ByteWriter target, in ColumnInput column, EncoderScratch scratch, LearnedTemplates templates, ReadOnlySpan<ushort> templateOf, WordFilterBuilder? words)
    {
        var used = templates.Used;
        var constant = new bool[used.Count][];
        long pieces = 0;
        for (var i = 0; i < constant.Length; i++)
        {
            constant[i] = new bool[used[i].Variables];
            for (var variable = 0; variable < constant[i].Length; variable++)
            {
                constant[i][variable] = AreSame(used[i].Column(templates.Copies, variable, scratch));
                pieces += constant[i][variable] ? 0 : used[i].Rows;
            }
        }

        if (!scratch.Limit.HasRoom(pieces))
        {
            return false;
        }

        words = AddWords(column, used, words);
        WriteTemplates(target, templates.Copies, used, scratch, constant, words);
        WriteNumbers(target, column, templateOf, scratch);
        WriteKinds(target, column, scratch);
        for (var i = 0; i < constant.Length; i++)
        {
            for (var variable = 0; variable < constant[i].Length; variable++)
            {
                if (!constant[i][variable])
                {
                    // What was too long to be cut to its end is cut on.
                    var isTail = used[i].HasTail && variable == constant[i].Length - 1;
                    var values = used[i].Column(templates.Copies, variable, scratch);
                    NestedColumn.Write(target, values, scratch.Nested, used[i].Plan(variable), isTail ? templates.Level : templates.Level + 1, words: words);
                }
            }
        }

        return true;
    }

    static bool AreSame(in ColumnInput column)
    {
        var first = column.Value(column.Spans[column.Rows[0]]);
        foreach (var row in column.Rows)
        {
            if (!column.Value(column.Spans[row]).SequenceEqual(first))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds the words of whole values where some reach from one part into the next; otherwise returns what gets those of the parts.</summary>
    static WordFilterBuilder? AddWords(in ColumnInput column, IReadOnlyList<LearnedTemplate> used, WordFilterBuilder? words)
    {
        if (words is null || used.All(template => template.KeepsWordsApart))
        {
            return words;
        }

        WordSplitter.AddWords(column, words);
        return null;
    }

    /// <summary>False where the column is so little smaller than what it came to as templates that text would be better.</summary>
    static bool IsBetter(in ColumnInput column, int present, int written, EncoderScratch scratch) =>
        scratch.Depth > 1
        || (scratch.Depth == 1 && written * SurelyBetter < Length(column))
        || written * 3L < AsText(column, present, scratch, FirstSample)
        || written < AsText(column, present, scratch, SecondSample);

    /// <summary>About how many bytes the column would take as text, from how the first values compress.</summary>
    static double AsText(in ColumnInput column, int present, EncoderScratch scratch, int sample)
    {
        var length = Length(column);
        if (length < SecondSample / 4)
        {
            return double.PositiveInfinity;
        }

        var text = scratch.Gathered;
        text.Clear();
        foreach (var row in column.Rows)
        {
            text.Bytes(column.Value(column.Spans[row]));
            if (text.Length >= sample)
            {
                break;
            }
        }

        var packed = scratch.Nested.Gathered;
        packed.Clear();
        Section.Write(packed, text.Written, BlockEncoder.TextQuality);
        // A length each, mostly of a byte.
        return ((double)packed.Length / text.Length * length) + (present * 0.8);
    }

    static long Length(in ColumnInput column)
    {
        long length = 0;
        foreach (var row in column.Rows)
        {
            length += Math.Max(0, column.Spans[row].Length);
        }

        return length;
    }

    static void WriteTemplates(
        ByteWriter target, CopiedValues copies, IReadOnlyList<LearnedTemplate> used, EncoderScratch scratch, bool[][] constant, WordFilterBuilder? words)
    {
        var text = scratch.Gathered;
        var literal = scratch.Nested.Gathered;
        text.Clear();
        text.Varint((ulong)used.Count);
        for (var i = 0; i < constant.Length; i++)
        {
            var template = used[i];
            var parts = new List<byte[]?>();
            literal.Clear();
            for (int position = 0, variable = 0; position < template.Tokens.Length; position++)
            {
                if (position > 0)
                {
                    literal.Byte(template.Separators[position - 1]);
                }

                if (template.Tokens[position] is { } token)
                {
                    literal.Bytes(token);
                }
                else if (constant[i][variable++])
                {
                    var same = template.Column(copies, variable - 1, scratch);
                    literal.Bytes(same.Value(same.Spans[same.Rows[0]]));
                }
                else
                {
                    AddLiteral(parts, literal);
                    parts.Add(null);
                }
            }

            AddLiteral(parts, literal);
            text.Varint((ulong)parts.Count);
            foreach (var part in parts)
            {
                text.Varint(part is null ? 0 : (ulong)part.Length + 1);
                text.Bytes(part ?? []);
                if (words is not null && part is not null)
                {
                    WordSplitter.AddWords(part, words);
                }
            }
        }

        Section.Write(target, text.Written, BlockEncoder.TextQuality);
    }

    static void AddLiteral(List<byte[]?> parts, ByteWriter literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(literal.Written.ToArray());
            literal.Clear();
        }
    }

    static void WriteNumbers(ByteWriter target, in ColumnInput column, ReadOnlySpan<ushort> templateOf, EncoderScratch scratch)
    {
        var numbers = scratch.Numbers(column.Rows.Length);
        var at = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = column.Spans[column.Rows[i]].IsAbsent ? 0 : templateOf[at++] + 1;
        }

        PackedIntegers.Write(target, numbers, scratch.Integers, mayAscend: false);
    }

    static void WriteKinds(ByteWriter target, in ColumnInput column, EncoderScratch scratch)
    {
        if (column.Kinds is not { } kinds)
        {
            target.Byte(0);
            return;
        }

        target.Byte(1);
        var bytes = scratch.Integers.Bytes(column.Rows.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)kinds.Kind(column.Rows[i]);
        }

        Section.Write(target, bytes, BlockEncoder.TextQuality);
    }

    public static TemplateVector Read(ref ByteReader source, int count, NestingLimit limit)
    {
        var templates = ReadTemplates(Section.Read(ref source), out var variables);
        var numbers = new long[count];
        PackedIntegers.Read(ref source, numbers);
        var templateOf = new ushort[count];
        var rows = new int[templates.Count + 1];
        for (var i = 0; i < count; i++)
        {
            var number = numbers[i];
            if (number < 0 || number > templates.Count)
            {
                throw new CorruptDataException("a value names a template that its column does not have");
            }

            templateOf[i] = (ushort)number;
            rows[number]++;
        }

        byte[]? kinds = null;
        if (source.Byte() != 0)
        {
            kinds = Section.Read(ref source);
            if (kinds.Length != count)
            {
                throw new CorruptDataException("a column has more or fewer kinds than records");
            }
        }

        var columns = new ColumnVector[variables];
        var shapes = new TextTemplate[templates.Count];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = new(templates[i], rows[i + 1]);
            foreach (var part in templates[i])
            {
                if (!part.IsLiteral)
                {
                    columns[part.Variable] = SkippedColumn.Read(ref source, rows[i + 1], limit);
                }
            }
        }

        return new(count, templateOf, shapes, columns, kinds);
    }

    static List<TextTemplatePart[]> ReadTemplates(ReadOnlySpan<byte> text, out int variables)
    {
        var source = new ByteReader(text);
        var templates = new List<TextTemplatePart[]>();
        variables = 0;
        for (var left = source.Size(TemplateBuilder.MaxTemplates); left > 0; left--)
        {
            // A part takes a byte at least.
            var parts = new TextTemplatePart[source.Size(Math.Min(source.Remaining, 2 * SeparatorSet.MaxTokens))];
            for (var i = 0; i < parts.Length; i++)
            {
                var length = source.Size(source.Remaining + 1);
                parts[i] = length == 0 ? new(variables++) : new(source.Bytes(length - 1).ToArray());
            }

            templates.Add(parts);
        }

        return templates;
    }
}
