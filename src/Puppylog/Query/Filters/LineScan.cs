using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>
/// Looks for words in derived lines without composing them: a word cannot lie across a separator, so it is in the line if
/// and only if it is in one of the fields that the line is made of. A phrase may lie across one: lines that hold all its
/// words, but not the phrase in one field, are composed where the phrase has a separator's byte.
/// </summary>
static class LineScan
{
    public static void Apply(ValueFilter filter, LineVector line, RowBitmap rows)
    {
        var result = new RowBitmap(rows.Count);
        var templates = line.Templates.AsSpan(0, line.Count);
        for (var index = 0; index <= line.Parts.Length; index++)
        {
            var part = rows.Clone();
            RowMasks.KeepByte(templates, (byte)index, part);
            if (part.IsEmpty())
            {
                continue;
            }

            if (index == 0)
            {
                ApplyVerbatim(filter, line, part);
            }
            else
            {
                ApplyTemplate(filter, line, line.Parts[index - 1], part);
            }

            result.Or(part);
        }

        rows.CopyFrom(result);
    }

    static void ApplyVerbatim(ValueFilter filter, LineVector line, RowBitmap rows)
    {
        if (line.Verbatim is { } verbatim)
        {
            ColumnScan.Apply(filter, verbatim, rows);
        }
        else if (!filter.Matches([]))
        {
            rows.Clear();
        }
    }

    static void ApplyTemplate(ValueFilter filter, LineVector line, LineVector.PartSource[] parts, RowBitmap rows)
    {
        if (!SeparatesWords(parts))
        {
            ColumnScan.ApplyEach(filter, line, rows);
            return;
        }

        foreach (var fragment in filter.Fragments)
        {
            KeepInParts(fragment, parts, rows);
            if (rows.IsEmpty())
            {
                return;
            }
        }

        if (filter.FragmentSuffices)
        {
            return;
        }

        if (filter is not TextFilter text)
        {
            ColumnScan.ApplyEach(filter, line, rows);
            return;
        }

        // What is within a field is in the line: what stands around a field is no word's character.
        var certain = rows.Clone();
        KeepInParts(text.Probe, parts, certain);
        if (SharesBytes(text.Probe, parts))
        {
            rows.AndNot(certain);
            ColumnScan.ApplyEach(filter, line, rows);
            rows.Or(certain);
        }
        else
        {
            rows.CopyFrom(certain);
        }
    }

    /// <summary>Keeps the rows that have the text within one of the fields.</summary>
    static void KeepInParts(TextProbe probe, LineVector.PartSource[] parts, RowBitmap rows)
    {
        var filter = new PartFilter(probe);
        var open = rows.Clone();
        foreach (var part in parts)
        {
            if (open.IsEmpty())
            {
                break;
            }

            if (part.Kind == TemplatePartKind.ClfTime || (part.Kind != TemplatePartKind.Literal && part.Column is not null))
            {
                var found = open.Clone();
                if (part.Kind == TemplatePartKind.ClfTime)
                {
                    ClfScan.Apply(probe, part, found);
                }
                else
                {
                    ColumnScan.Apply(filter, part.Column!, found);
                }

                open.AndNot(found);
            }
        }

        rows.AndNot(open);
    }

    /// <summary>True where the text could lie across a literal or a dash: it has a byte of one.</summary>
    static bool SharesBytes(TextProbe probe, LineVector.PartSource[] parts)
    {
        foreach (var part in parts)
        {
            if ((part.Kind == TemplatePartKind.Literal && probe.Needle.ContainsAny(part.Literal))
                || (part.Kind == TemplatePartKind.FieldOrDash && probe.Needle.Contains((byte)'-')))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where between any two fields stands a literal, and no literal holds a word's character.</summary>
    static bool SeparatesWords(LineVector.PartSource[] parts)
    {
        var afterField = false;
        foreach (var part in parts)
        {
            var isField = part.Kind != TemplatePartKind.Literal;
            if (!isField && part.Literal.Length == 0)
            {
                continue;
            }

            if (isField && afterField)
            {
                return false;
            }

            var at = 0;
            if (!isField && (part.Literal.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xff) || Words.TryNext(part.Literal, ref at, out _)))
            {
                return false;
            }

            afterField = isField;
        }

        return true;
    }
}
