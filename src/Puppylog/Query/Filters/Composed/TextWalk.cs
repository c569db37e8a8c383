using Puppylog.Query.Filters.Scan;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes a column of text: by one search through its buffer where most values change nothing.</summary>
static class TextWalk
{
    public static void Advance(in Passage passage, TextVector text, int state, RowBitmap rows, StateGroups target)
    {
        Span<bool> ends = stackalloc bool[256];
        if (passage.Escapes is not null || ColumnScan.IsSparse(rows) || !passage.Automaton.TryPass(state, passage.Following, out var next, ends)
            || !ColumnScan.TryGetExtent(text, out var start, out var end))
        {
            ColumnWalk.Each(passage, text, state, rows, target);
            return;
        }

        var found = new RowBitmap(rows.Count);
        var spans = text.Spans.AsSpan(0, text.Count);
        if (ends.Contains(true) || (passage.Absent.Length > 0 && HasAbsent(spans)))
        {
            for (var row = 0; row < spans.Length; row++)
            {
                found[row] = spans[row].Length <= 0 ? spans[row].IsAbsent : ends[text.Bytes[spans[row].End - 1]];
            }
        }

        var at = 0;
        var prefix = passage.Automaton.Prefix;
        while (start < end)
        {
            var hit = text.Bytes.AsSpan(start, end - start).IndexOf(prefix);
            if (hit < 0)
            {
                break;
            }

            hit += start;
            at = ColumnScan.RowAt(spans, at, hit);
            if (at == spans.Length)
            {
                break;
            }

            if (hit < spans[at].Offset || hit + prefix.Length > spans[at].End)
            {
                start = hit + 1;
                continue;
            }

            found[at] = true;
            start = spans[at].End;
        }

        found.And(rows);
        var rest = rows.Clone();
        rest.AndNot(found);
        target.Add(next, rest);
        ColumnWalk.Each(passage, text, state, found, target);
    }

    static bool HasAbsent(ReadOnlySpan<ByteSpan> spans)
    {
        foreach (var span in spans)
        {
            if (span.IsAbsent)
            {
                return true;
            }
        }

        return false;
    }
}
