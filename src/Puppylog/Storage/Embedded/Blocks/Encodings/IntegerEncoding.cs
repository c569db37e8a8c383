using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Integers in canonical decimal form, so that the number gives the text back: kind, whether a bit per record says who has
/// one, those bits, then the numbers of the records that do.
/// </summary>
static class IntegerEncoding
{
    /// <summary>
    /// Reads all values as integers into <paramref name="numbers"/> (0 where absent). False at the first that has another
    /// form: a leading zero, a plus, <c>-0</c>, 19 digits or more, anything else.
    /// </summary>
    public static bool TryParse(in ColumnInput column, Span<long> numbers, out int present, out long min, out long max)
    {
        present = 0;
        min = long.MaxValue;
        max = long.MinValue;
        var rows = column.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            column.Prefetch(i + ColumnInput.Ahead);
            var span = column.Spans[rows[i]];
            if (span.IsAbsent)
            {
                numbers[i] = 0;
                continue;
            }

            if (!EightDigits.TryRead(column, span, out var value) && !TryCanonical(column.Value(span), out value))
            {
                return false;
            }

            numbers[i] = value;
            present++;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return present > 0;
    }

    /// <summary>Reads the distinct values of a dictionary as integers: their bounds; null where one has another form or none is there.</summary>
    public static (long Min, long Max)? Bounds(ValueDictionary dictionary)
    {
        var (min, max, present) = (long.MaxValue, long.MinValue, 0);
        for (var code = 0; code < dictionary.Count; code++)
        {
            if (code == dictionary.AbsentCode)
            {
                continue;
            }

            if (!TryCanonical(dictionary.Value(code), out var value))
            {
                return null;
            }

            min = Math.Min(min, value);
            max = Math.Max(max, value);
            present++;
        }

        return present > 0 ? (min, max) : null;
    }

    public static bool TryCanonical(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var negative = text.Length > 1 && text[0] == '-';
        var digits = negative ? text[1..] : text;
        if (digits.Length is 0 or > 18 || (digits[0] == '0' && (digits.Length > 1 || negative)))
        {
            return false;
        }

        foreach (var c in digits)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        value = negative ? -value : value;
        return true;
    }

    /// <param name="target">Where it goes.</param>
    /// <param name="column">The column, to know who is absent.</param>
    /// <param name="numbers">What <see cref="TryParse"/> read; overwritten.</param>
    /// <param name="present">How many records have a value.</param>
    /// <param name="kind">The kind of all of them.</param>
    /// <param name="scratch">The encoder's buffers.</param>
    public static void Write(ByteWriter target, in ColumnInput column, Span<long> numbers, int present, byte kind, EncoderScratch scratch)
    {
        target.Byte(kind);
        Presence.Write(target, column, present);
        if (present < numbers.Length)
        {
            var at = 0;
            for (var i = 0; i < numbers.Length; i++)
            {
                if (!column.Spans[column.Rows[i]].IsAbsent)
                {
                    numbers[at++] = numbers[i];
                }
            }
        }

        PackedIntegers.Write(target, numbers[..present], scratch.Integers);
    }

    public static IntegerVector Read(ref ByteReader source, int count)
    {
        var kind = (ValueKind)source.Byte();
        var present = Presence.Read(ref source, count);
        var values = new long[count];
        PackedIntegers.Read(ref source, values.AsSpan(0, present?.CountSet() ?? count));
        if (present is not null)
        {
            Presence.Spread<long>(values, present);
        }

        return new(count, values, present, kind);
    }
}
