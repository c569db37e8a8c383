using System.Buffers;
using Puppylog.Query.Filters.Composed;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Scan;

/// <summary>Keeps the rows whose value matches, with the work that the column's kind allows to save.</summary>
static class ColumnScan
{
    /// <summary>Below this share of rows still set, values are looked at one by one.</summary>
    const int SparseShare = 8;

    public static void Apply(ValueFilter filter, ColumnVector column, RowBitmap rows)
    {
        switch (column)
        {
            case ConstantVector constant:
                if (!filter.Matches(constant.Constant))
                {
                    rows.Clear();
                }

                break;
            case DictionaryVector dictionary:
                ApplyDictionary(filter, dictionary, rows);
                break;
            case IntegerVector integers when filter.TryGetIntegers(out var min, out var max):
                ApplyIntegers(integers, min, max, rows);
                break;
            case IntegerVector integers when filter.TryGetMagnitude(out var size):
                ApplyMagnitude(integers, size, rows);
                break;
            case TextVector text when filter.Needle.Length > 0:
                ApplyText(filter, text, rows);
                break;
            case SparseVector sparse:
                ApplySparse(filter, sparse, rows);
                break;
            case EitherVector either:
                ApplyEither(filter, either, rows);
                break;
            case LazyVector lazy:
                Apply(filter, lazy.Column, rows);
                break;
            case LineVector or TemplateVector when filter.Automaton is not null || filter.Required is not null:
                ComposedScan.Apply(filter, column, rows);
                break;
            default:
                ApplyEach(filter, column, rows);
                break;
        }
    }

    public static void ApplyEach(ValueFilter filter, ColumnVector column, RowBitmap rows)
    {
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (!filter.Matches(column.Value(row)))
            {
                rows[row] = false;
            }
        }
    }

    static void ApplyEither(ValueFilter filter, EitherVector either, RowBitmap rows)
    {
        var first = rows.Clone();
        for (var row = first.Next(0); row >= 0; row = first.Next(row + 1))
        {
            first[row] = either.First.IsPresent(row);
        }

        rows.AndNot(first);
        Apply(filter, either.First, first);
        Apply(filter, either.Other, rows);
        rows.Or(first);
    }

    /// <summary>True where so few rows are left that their values are better looked at one by one.</summary>
    public static bool IsSparse(RowBitmap rows) => rows.CountSet() < rows.Count / SparseShare;

    static void ApplyIntegers(IntegerVector integers, long min, long max, RowBitmap rows)
    {
        if (min > max)
        {
            rows.Clear();
            return;
        }

        if (integers.Present is { } present)
        {
            rows.And(present);
        }

        RowMasks.KeepRange(integers.Values.AsSpan(0, integers.Count), min, max, rows);
    }

    static void ApplyMagnitude(IntegerVector integers, long size, RowBitmap rows)
    {
        if (size < 0)
        {
            rows.Clear();
            return;
        }

        var negative = rows.Clone();
        ApplyIntegers(integers, -size, -size, negative);
        ApplyIntegers(integers, size, size, rows);
        rows.Or(negative);
    }

    static void ApplySparse(ValueFilter filter, SparseVector sparse, RowBitmap rows)
    {
        var found = RowBitmap.All(sparse.Rows.Length);
        Apply(filter, sparse.Values, found);
        if (filter.Matches([]))
        {
            for (var entry = 0; entry < sparse.Rows.Length; entry++)
            {
                rows[sparse.Rows[entry]] &= found[entry];
            }

            return;
        }

        var kept = new RowBitmap(rows.Count);
        for (var entry = found.Next(0); entry >= 0; entry = found.Next(entry + 1))
        {
            kept[sparse.Rows[entry]] = true;
        }

        rows.And(kept);
    }

    static void ApplyDictionary(ValueFilter filter, DictionaryVector dictionary, RowBitmap rows)
    {
        var table = ArrayPool<byte>.Shared.Rent(dictionary.DistinctCount);
        var last = 0;
        var matches = !dictionary.HasValues ? FindDistinct(filter, dictionary, table, ref last)
            : filter.Needle.Length > 0 && dictionary.DistinctCount > 16 ? FindNeedle(filter, dictionary, table, ref last)
            : FindEach(filter, dictionary, table, ref last);
        var codes = dictionary.Codes.AsSpan(0, dictionary.Count);
        if (matches == 0)
        {
            rows.Clear();
        }
        else if (matches == 1)
        {
            RowMasks.KeepCode(codes, (ushort)last, rows);
        }
        else if (matches < dictionary.DistinctCount)
        {
            RowMasks.KeepCodes(codes, table.AsSpan(0, dictionary.DistinctCount), rows);
        }

        ArrayPool<byte>.Shared.Return(table);
    }

    static int FindEach(ValueFilter filter, DictionaryVector dictionary, byte[] table, ref int last)
    {
        var values = dictionary.Values;
        var matches = 0;
        for (var code = 0; code < values.Count; code++)
        {
            var match = filter.Matches(code == dictionary.AbsentCode ? [] : values[code]);
            table[code] = match ? (byte)1 : (byte)0;
            if (match)
            {
                matches++;
                last = code;
            }
        }

        return matches;
    }

    /// <summary>Marks the distinct values that match, where they are a column of their own; gives their number.</summary>
    static int FindDistinct(ValueFilter filter, DictionaryVector dictionary, byte[] table, ref int last)
    {
        table.AsSpan(0, dictionary.DistinctCount).Clear();
        var found = RowBitmap.All(dictionary.Distinct!.Count);
        Apply(filter, dictionary.Distinct, found);
        var matches = 0;
        for (var place = found.Next(0); place >= 0; place = found.Next(place + 1))
        {
            last = dictionary.CodeOf(place);
            table[last] = 1;
            matches++;
        }

        if (dictionary.AbsentCode >= 0 && filter.Matches([]))
        {
            last = dictionary.AbsentCode;
            table[last] = 1;
            matches++;
        }

        return matches;
    }

    /// <summary>Marks the distinct values that match, by one search through all their bytes; gives their number.</summary>
    static int FindNeedle(ValueFilter filter, DictionaryVector dictionary, byte[] table, ref int last)
    {
        var values = dictionary.Values;
        table.AsSpan(0, values.Count).Clear();
        var matches = 0;
        var code = 0;
        var start = values.Offsets[0];
        var end = values.Offsets[values.Count];
        while (start < end)
        {
            var hit = values.Bytes.AsSpan(start, end - start).IndexOf(filter.Needle);
            if (hit < 0)
            {
                break;
            }

            hit += start;
            while (values.Offsets[code + 1] <= hit)
            {
                code++;
            }

            if (hit + filter.Needle.Length > values.Offsets[code + 1])
            {
                start = hit + 1;
                continue;
            }

            if (code != dictionary.AbsentCode && filter.Matches(values[code]))
            {
                table[code] = 1;
                matches++;
                last = code;
            }

            start = values.Offsets[code + 1];
        }

        return matches;
    }

    static void ApplyText(ValueFilter filter, TextVector text, RowBitmap rows)
    {
        if (IsSparse(rows) || !TryGetExtent(text, out var start, out var end))
        {
            for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
            {
                var value = text.Value(row);
                if (value.IndexOf(filter.Needle) < 0 || !filter.Matches(value))
                {
                    rows[row] = false;
                }
            }

            return;
        }

        var found = new RowBitmap(rows.Count);
        var spans = text.Spans.AsSpan(0, text.Count);
        var at = 0;
        while (true)
        {
            var hit = text.Bytes.AsSpan(start, end - start).IndexOf(filter.Needle);
            if (hit < 0)
            {
                break;
            }

            hit += start;
            at = RowAt(spans, at, hit);
            if (at == spans.Length)
            {
                break;
            }

            var span = spans[at];
            if (hit < span.Offset || hit + filter.Needle.Length > span.End)
            {
                // Between values or across their border.
                start = hit + 1;
                continue;
            }

            found[at] = rows[at] && filter.Matches(text.Value(at));
            start = span.End;
        }

        rows.And(found);
    }

    /// <summary>The first row at or after <paramref name="row"/> whose value ends after the place; the count if there is none.</summary>
    public static int RowAt(ReadOnlySpan<ByteSpan> spans, int row, int place)
    {
        while (row < spans.Length && (spans[row].Length <= 0 || spans[row].End <= place))
        {
            row++;
        }

        return row;
    }

    /// <summary>
    /// True where the values lie in the buffer in the order of the rows and fill at least half of the part between the
    /// first and the last, so that one search through the buffer is cheaper than one per value.
    /// </summary>
    public static bool TryGetExtent(TextVector text, out int start, out int end)
    {
        start = -1;
        end = 0;
        var filled = 0;
        foreach (var span in text.Spans.AsSpan(0, text.Count))
        {
            if (span.Length <= 0)
            {
                continue;
            }

            if (start < 0)
            {
                start = span.Offset;
                end = start;
            }

            if (span.Offset < end)
            {
                return false;
            }

            filled += span.Length;
            end = span.End;
        }

        return start >= 0 && filled >= (end - start) / 2;
    }
}
