using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>
/// Looks for words in derived lines without composing them: a word cannot lie across a separator, so it is in the line if
/// and only if it is in one of the fields that the line is made of. Only lines that hold all the words are composed, and
/// none where the one word is all that is asked for.
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

        // Rows where the word is in a field for certain; the other rows left may hold it in their time.
        RowBitmap? certain = null;
        foreach (var fragment in filter.Fragments)
        {
            certain = KeepFragment(new FragmentFilter(fragment), parts, rows);
            if (rows.IsEmpty())
            {
                return;
            }
        }

        if (!filter.FragmentSuffices || certain is null)
        {
            ColumnScan.ApplyEach(filter, line, rows);
            return;
        }

        var doubtful = rows.Clone();
        doubtful.AndNot(certain);
        if (!doubtful.IsEmpty())
        {
            ColumnScan.ApplyEach(filter, line, doubtful);
        }

        rows.And(certain);
        rows.Or(doubtful);
    }

    /// <summary>Keeps the rows that may hold the word; gives those that do.</summary>
    static RowBitmap KeepFragment(FragmentFilter filter, LineVector.PartSource[] parts, RowBitmap rows)
    {
        var certain = new RowBitmap(rows.Count);
        var possible = new RowBitmap(rows.Count);
        foreach (var part in parts)
        {
            if (part.Kind == TemplatePartKind.ClfTime)
            {
                var timed = rows.Clone();
                if (!ClfWords.MayBeIn(filter.Probe, part))
                {
                    ColumnScan.Apply(new ZoneFilter(filter.Probe), part.Zone!, timed);
                }

                possible.Or(timed);
            }
            else if (part.Kind != TemplatePartKind.Literal && part.Column is { } column)
            {
                var left = rows.Clone();
                left.AndNot(certain);
                ColumnScan.Apply(filter, column, left);
                certain.Or(left);
            }
        }

        possible.Or(certain);
        rows.And(possible);
        return certain;
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
