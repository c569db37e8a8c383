using System.Collections.Immutable;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Lines that follow from other columns: 1 + the template's index per record (0: kept verbatim), then as text the lines
/// that are kept verbatim, absent for the others.
/// </summary>
static class LineEncoding
{
    /// <summary>The most that a writer makes; the number of a template fits in a byte.</summary>
    const int MaxTemplates = 255;

    /// <summary>
    /// Writes the templates that lines of the block follow, each as a text, and changes the lines' numbers to their places
    /// in that list.
    /// </summary>
    public static void WriteTemplates(
        ByteWriter target, IReadOnlyList<LineTemplate> known, Span<byte> templates, ReadOnlySpan<bool> used, int textQuality)
    {
        var texts = new ByteWriter();
        Span<byte> numbers = stackalloc byte[MaxTemplates + 1];
        numbers.Clear();
        byte count = 0;
        for (var i = 0; i < known.Count; i++)
        {
            if (used[i + 1])
            {
                numbers[i + 1] = ++count;
                texts.Text(known[i].Text);
            }
        }

        foreach (ref var template in templates)
        {
            template = numbers[template];
        }

        target.Varint(count);
        Section.Write(target, texts.Written, textQuality);
    }

    public static ImmutableArray<LineTemplate> ReadTemplates(ref ByteReader source)
    {
        var count = source.Size(MaxTemplates);
        var texts = new ByteReader(Section.Read(ref source));
        var templates = ImmutableArray.CreateBuilder<LineTemplate>(count);
        for (var i = 0; i < count; i++)
        {
            var text = texts.Text();
            templates.Add(LineTemplate.TryParse(text, out var template) ? template : throw new CorruptDataException($"not a line template: {text}"));
        }

        return templates.ToImmutable();
    }

    /// <param name="target">Where to.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="templates">The number of each line's template, 0 for none.</param>
    /// <param name="members">Not 0 for each line that is written elsewhere; empty where none is.</param>
    /// <param name="verbatim">Room for a place per record of the batch.</param>
    /// <param name="scratch">Buffers.</param>
    /// <param name="textQuality">Brotli's quality.</param>
    public static void Write(
        ByteWriter target, in ColumnInput lines, ReadOnlySpan<byte> templates, ReadOnlySpan<int> members, Span<ByteSpan> verbatim, EncoderScratch scratch, int textQuality)
    {
        var numbers = scratch.Numbers(templates.Length);
        var kept = 0;
        for (var i = 0; i < templates.Length; i++)
        {
            numbers[i] = templates[i];
            kept += IsKept(templates, members, i) ? 1 : 0;
        }

        PackedIntegers.Write(target, numbers, scratch.Integers, mayAscend: false);
        target.Byte(kept == 0 ? (byte)0 : (byte)1);
        if (kept > 0)
        {
            for (var i = 0; i < templates.Length; i++)
            {
                verbatim[lines.Rows[i]] = IsKept(templates, members, i) ? lines.Spans[lines.Rows[i]] : ByteSpan.Absent;
            }

            var rest = new ColumnInput { Bytes = lines.Bytes, Spans = verbatim, Rows = lines.Rows };
            TextEncoding.Write(target, rest, scratch, textQuality);
        }
    }

    static bool IsKept(ReadOnlySpan<byte> templates, ReadOnlySpan<int> members, int place) =>
        templates[place] == 0 && (members.IsEmpty || members[place] == 0);

    /// <param name="source">The chunk.</param>
    /// <param name="count">Records.</param>
    /// <param name="parts">The parts of each template, with their columns; asked for only templates in use.</param>
    /// <param name="templateCount">Templates that the block knows.</param>
    public static LineVector Read(ref ByteReader source, int count, Func<int, LineVector.PartSource[]> parts, int templateCount)
    {
        var numbers = new long[count];
        PackedIntegers.Read(ref source, numbers);
        var templates = new byte[count];
        var used = new LineVector.PartSource[templateCount][];
        for (var i = 0; i < count; i++)
        {
            var number = numbers[i];
            if (number < 0 || number > templateCount)
            {
                throw new CorruptDataException("a line names a template that the block does not have");
            }

            templates[i] = (byte)number;
            if (number > 0)
            {
                used[number - 1] ??= parts((int)number - 1);
            }
        }

        for (var i = 0; i < used.Length; i++)
        {
            used[i] ??= [];
        }

        return new(count, templates, used, source.Byte() == 0 ? null : TextEncoding.Read(ref source, count));
    }
}
