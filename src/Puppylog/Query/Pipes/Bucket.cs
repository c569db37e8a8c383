using System.Globalization;
using System.Text;
using Puppylog.Query.Syntax;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>The step of <c>by (_time:10s)</c>, <c>by (_time:1d offset 2h)</c>, <c>by (_time:month)</c> or <c>by (bytes:1KiB)</c>.</summary>
/// <param name="Text">The step as it was written.</param>
/// <param name="Step">Nanoseconds for times; the number otherwise; 0 for months and years.</param>
/// <param name="Months">1 for a month, 12 for a year, else 0.</param>
/// <param name="OffsetText">The offset as it was written; empty where there is none.</param>
/// <param name="Offset">How far the boundaries are shifted to earlier: 2h for days of UTC+2.</param>
sealed record Bucket(string Text, double Step, int Months, string OffsetText, double Offset)
{
    static readonly (string Name, double Factor)[] ByteUnits =
    [
        ("KiB", 1024), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
        ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("B", 1),
    ];

    static readonly (string Name, double Factor)[] TimeUnits =
    [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86_400e9), ("w", 604_800e9),
    ];

    static readonly (string Name, double Factor)[] StepNames =
    [
        ("nanosecond", 1), ("microsecond", 1e3), ("millisecond", 1e6), ("second", 1e9), ("minute", 60e9), ("hour", 3600e9),
        ("day", 86_400e9), ("week", 604_800e9),
    ];

    public static Bucket Parse(TokenReader reader)
    {
        var start = reader.Current;
        var text = start.Kind == TokenKind.Word ? reader.Next().Text : throw reader.Expected("a step such as 10s, 1d or 1KiB");
        var months = text.Equals("month", StringComparison.OrdinalIgnoreCase) ? 1 : text.Equals("year", StringComparison.OrdinalIgnoreCase) ? 12 : 0;
        var step = 0.0;
        if (months == 0 && (!TryStep(text, out step) || step <= 0))
        {
            throw reader.Error(start.Position, $"expected a step such as 10s, 1d or 1KiB, found {start.Describe()}");
        }

        if (!reader.TakeWord("offset"))
        {
            return new(text, step, months, "", 0);
        }

        var negative = reader.TakeSymbol('-');
        start = reader.Current;
        if (start.Kind != TokenKind.Word || !TryStep(start.Text, out var offset))
        {
            throw reader.Expected("an offset such as 2h");
        }

        reader.Next();
        return new(text, step, months, (negative ? "-" : "") + start.Text, negative ? -offset : offset);
    }

    /// <summary>The beginning of the bucket that a time or integer lies in.</summary>
    public long Floor(long value)
    {
        var offset = (long)Offset;
        if (Months > 0)
        {
            var day = Timestamps.FloorDiv(value + offset, Timestamps.Day);
            var (year, month, _) = Timestamps.CivilFromDays(day);
            return (Timestamps.DaysFromCivil(year, Months == 12 ? 1 : month, 1) * Timestamps.Day) - offset;
        }

        var step = Math.Max(1, (long)Step);
        if (value is > long.MinValue / 2 and < long.MaxValue / 2 && offset is > long.MinValue / 4 and < long.MaxValue / 4)
        {
            return (Timestamps.FloorDiv(value + offset, step) * step) - offset;
        }

        var shifted = (Int128)value + offset;
        var start = (shifted / step) - (shifted % step < 0 ? 1 : 0);
        return (long)Int128.Clamp((start * step) - offset, long.MinValue, long.MaxValue);
    }

    /// <summary>
    /// The beginning of the bucket that a value lies in, and an end before which all values from the beginning on lie in it.
    /// </summary>
    public (long Start, long End) Range(long value)
    {
        var start = Floor(value);
        var step = Months > 0 || start is < long.MinValue / 2 or > long.MaxValue / 2 || Step > long.MaxValue / 2 ? 0 : (long)Step;
        return (start, Math.Max(start + step, value));
    }

    /// <summary>True where integers stay integers: the step and the offset are whole.</summary>
    public bool IsWhole => Step == Math.Truncate(Step) && Offset == Math.Truncate(Offset);

    /// <summary>The bucket of a value as text; what is neither a number nor a time is a bucket of its own.</summary>
    public byte[] Apply(ReadOnlySpan<byte> value)
    {
        if (NumberText.TryParse(value, out var number, out var integer, out var isInteger))
        {
            return isInteger && IsWhole && Months == 0
                ? Encoding.ASCII.GetBytes(Floor(integer).ToString(CultureInfo.InvariantCulture))
                : Months > 0 ? value.ToArray() : Encoding.ASCII.GetBytes(NumberText.Format((Math.Floor((number + Offset) / Step) * Step) - Offset));
        }

        return value.Length >= 16 && Timestamps.TryParseIso(value, out var time, out var length) && length == value.Length
            ? Encoding.ASCII.GetBytes(Timestamps.ToRfc3339(Floor(time)))
            : value.ToArray();
    }

    /// <summary>Reads <c>10s</c>, <c>1h30m</c>, <c>minute</c>, <c>10KB</c>, <c>1KiB</c>, <c>0.5</c>.</summary>
    public static bool TryStep(string text, out double step)
    {
        foreach (var (name, factor) in StepNames)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                step = factor;
                return true;
            }
        }

        foreach (var (name, factor) in ByteUnits)
        {
            if (text.EndsWith(name, StringComparison.Ordinal) && TryNumber(text.AsSpan(0, text.Length - name.Length), out step))
            {
                step *= factor;
                return true;
            }
        }

        return TryNumber(text, out step) || TryDuration(text, out step);
    }

    public override string ToString() => OffsetText.Length == 0 ? Text : $"{Text} offset {OffsetText}";

    static bool TryDuration(ReadOnlySpan<char> text, out double nanoseconds)
    {
        nanoseconds = 0;
        var any = false;
        while (!text.IsEmpty)
        {
            var digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            {
                digits++;
            }

            var letters = digits;
            while (letters < text.Length && char.IsLetter(text[letters]))
            {
                letters++;
            }

            var factor = Unit(text[digits..letters]);
            if (factor == 0 || !TryNumber(text[..digits], out var number))
            {
                return false;
            }

            nanoseconds += number * factor;
            text = text[letters..];
            any = true;
        }

        return any && nanoseconds < long.MaxValue / 4;
    }

    static double Unit(ReadOnlySpan<char> name)
    {
        foreach (var (unit, factor) in TimeUnits)
        {
            if (name.SequenceEqual(unit))
            {
                return factor;
            }
        }

        return 0;
    }

    static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number < 1e18;
}
