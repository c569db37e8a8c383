using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Lines that are made of their records' values (<see cref="LineAssembler"/>): the names of fields, the forms of the text
/// between values, how many forms each line has, then which, and in which order the values come. Numbers below
/// <see cref="Short"/> take a byte, the others go on in a second section.
/// </summary>
static class AssembledEncoding
{
    const int Short = 192;
    const byte Long = 255;
    const int MaxFields = BlockFormat.MaxColumns + 16;
    const int MaxForms = 1 << 22;

    /// <summary>Beside the number of a <see cref="FormName"/>.</summary>
    const byte QuoteFlag = 4;

    public static void Write(ByteWriter target, LineAssembler lines, EncoderScratch scratch, int textQuality)
    {
        var text = scratch.Gathered;
        text.Clear();
        foreach (var field in lines.Fields)
        {
            text.Text(field);
        }

        target.Varint((ulong)lines.Fields.Count);
        Section.Write(target, text.Written, textQuality);
        target.Byte(lines.FieldCount > lines.Fields.Count ? (byte)1 : (byte)0);
        WriteForms(target, lines.Forms, text, textQuality);
        var counts = scratch.Numbers(lines.Counts.Length);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = lines.Counts[i];
        }

        PackedIntegers.Write(target, counts, scratch.Integers, mayAscend: false);
        WriteSequence(target, FormCodes(lines), text, textQuality);
        WriteSequence(target, lines.Order, text, textQuality);
    }

    static void WriteForms(ByteWriter target, FormTable forms, ByteWriter text, int textQuality)
    {
        target.Varint((ulong)forms.Count);
        text.Clear();
        for (var i = 0; i < forms.Count; i++)
        {
            text.Byte((byte)((byte)forms[i].Name | (forms[i].IsQuoted ? QuoteFlag : 0)));
            text.Block(forms.Before(i));
            text.Block(forms.After(i));
        }

        Section.Write(target, text.Written, textQuality);
    }

    /// <summary>0 for the form that the field had in the line before that has it, else 1 + the form's number.</summary>
    static ReadOnlySpan<int> FormCodes(LineAssembler lines)
    {
        Span<int> codes = new int[lines.FormOf.Length];
        var last = new int[lines.FieldCount + 1];
        for (var i = 0; i < codes.Length; i++)
        {
            ref var known = ref last[lines.FieldOf[i] + 1];
            codes[i] = lines.FormOf[i] == known ? 0 : lines.FormOf[i] + 1;
            known = lines.FormOf[i];
        }

        return codes;
    }

    static void FromCodes(int[] codes, int[] fieldOf, int fields)
    {
        var last = new int[fields + 1];
        for (var i = 0; i < codes.Length; i++)
        {
            ref var known = ref last[fieldOf[i] + 1];
            known = codes[i] == 0 ? known : codes[i] - 1;
            codes[i] = known;
        }
    }

    static void WriteSequence(ByteWriter target, ReadOnlySpan<int> sequence, ByteWriter bytes, int textQuality)
    {
        bytes.Clear();
        foreach (var number in sequence)
        {
            bytes.Byte(First(number));
        }

        Section.Write(target, bytes.Written, textQuality);
        bytes.Clear();
        foreach (var number in sequence)
        {
            var first = First(number);
            if (first >= Short)
            {
                var rest = number - Short;
                bytes.Byte((byte)rest);
                if (first == Long)
                {
                    bytes.Byte((byte)(rest >> 8));
                    bytes.Byte((byte)(rest >> 16));
                }
            }
        }

        Section.Write(target, bytes.Written, textQuality);
    }

    static byte First(int number) => number < Short ? (byte)number : (byte)Math.Min(Long, Short + ((number - Short) >> 8));

    /// <param name="source">The chunk; what follows are the other lines.</param>
    /// <param name="count">Records.</param>
    /// <param name="others">Reads the other lines.</param>
    /// <param name="find">Finds a field's column.</param>
    /// <param name="overflow">The overflow column.</param>
    public static AssembledVector Read(
        ref ByteReader source, int count, LineReader others, Func<string, ColumnVector?> find, Func<OverflowColumn?> overflow)
    {
        var fields = new string[source.Size(Math.Min(MaxFields, source.Remaining * 256))];
        var names = new ByteReader(Section.Read(ref source));
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = names.Text();
        }

        var rest = source.Byte() == 0 ? null : overflow() ?? throw Wrong();
        var forms = ReadForms(ref source);
        var ends = new int[count];
        var counts = new long[count];
        PackedIntegers.Read(ref source, counts);
        var formOf = ReadSequence(ref source, forms.Length + 1);
        var order = ReadSequence(ref source, LineOrder.MaxValues);
        var end = 0L;
        var values = 0L;
        for (var row = 0; row < count; row++)
        {
            end += counts[row] >= 0 && counts[row] <= formOf.Length ? counts[row] : throw Wrong();
            values += Math.Max(0, counts[row] - 1);
            ends[row] = end <= formOf.Length ? (int)end : throw Wrong();
        }

        if (end != formOf.Length || values != order.Length)
        {
            throw Wrong();
        }

        var lines = others(ref source);
        var members = new MemberFields(fields, find, rest);
        var fieldOf = LineOrder.Fields(members, ends, order);
        FromCodes(formOf, fieldOf, members.Count);
        // No form at all is no form that a line may have.
        return forms.Length > 0 || formOf.Length == 0 ? new(lines, ends, formOf, fieldOf, forms, members) : throw Wrong();
    }

    static int[] ReadSequence(ref ByteReader source, int limit)
    {
        var first = Section.Read(ref source);
        var second = new ByteReader(Section.Read(ref source));
        var sequence = new int[first.Length];
        for (var i = 0; i < sequence.Length; i++)
        {
            var number = (int)first[i];
            if (number >= Short)
            {
                var low = second.Byte();
                number = Short + low + (number == Long ? (second.Byte() << 8) + (second.Byte() << 16) : (number - Short) << 8);
            }

            sequence[i] = number < limit ? number : throw Wrong();
        }

        return sequence;
    }

    static AssembledVector.Form[] ReadForms(ref ByteReader source)
    {
        var count = source.Size(MaxForms);
        var text = Section.Read(ref source);
        var reader = new ByteReader(text);
        // Each takes three bytes at least.
        var forms = new AssembledVector.Form[count <= text.Length / 3 ? count : throw Wrong()];
        for (var i = 0; i < forms.Length; i++)
        {
            var flags = reader.Byte();
            var name = (FormName)(flags & ~QuoteFlag);
            forms[i] = name <= FormName.LastPart ? new(reader.Block().ToArray(), reader.Block().ToArray(), name, (flags & QuoteFlag) != 0) : throw Wrong();
        }

        return forms;
    }

    public static CorruptDataException Wrong() => new("the parts of lines are not as they say");

    public delegate LineVector LineReader(ref ByteReader source);
}
