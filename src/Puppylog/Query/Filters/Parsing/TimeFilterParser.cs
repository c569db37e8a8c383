using System.Globalization;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Times;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Parsing;

/// <summary>Reads what follows <c>_time:</c>.</summary>
static class TimeFilterParser
{
    const string What = "a duration as 5m, a time as 2026-11-21 or 2026-11-21T14:00, or a range as [2026-11-21, 2026-11-22)";

    public static Filter Parse(TokenReader reader, long now)
    {
        if (reader.TakeSymbol('*'))
        {
            return new EverythingFilter();
        }

        var current = reader.Current;
        if ((current.IsWord("day_range") || current.IsWord("week_range")) && reader.Peek() is { AfterSpace: false } next && (next.IsSymbol('[') || next.IsSymbol('(')))
        {
            return Recurring(reader);
        }

        var (min, max, text) = Range(reader, now);
        if (reader.TakeWord("offset"))
        {
            var offset = Offset(reader, out var offsetText);
            min = min == long.MinValue ? min : TimeText.Add(min, -offset);
            max = max == long.MaxValue ? max : TimeText.Add(max, -offset);
            text = $"{text}{(text.Length > 0 ? " " : "")}offset {offsetText}";
        }

        return new TimeFilter(min, max, text);
    }

    static (long Min, long Max, string Text) Range(TokenReader reader, long now)
    {
        if (reader.Current.IsWord("offset"))
        {
            return (long.MinValue, now, "");
        }

        if (reader.Current.IsSymbol('[') || reader.Current.IsSymbol('('))
        {
            return Interval(reader, now);
        }

        if (reader.TakeSymbol('>'))
        {
            return Comparison(reader, now, isAfter: true);
        }

        if (reader.TakeSymbol('<'))
        {
            return Comparison(reader, now, isAfter: false);
        }

        reader.TakeSymbol('=');
        var value = reader.TakeValue(What);
        reader.EnsureEnded(value);
        var text = Written(value.Text);
        if (TimeText.TryParse(value.Text, now, out var first, out var last) && !value.Text.StartsWith('-'))
        {
            return (first, last, text);
        }

        return Durations.TryParse(value.Text.AsSpan().TrimStart('-'), out var duration)
            ? (TimeText.Add(TimeText.Add(now, -duration), 1), now, text)
            : throw reader.Error(value.Position, $"expected {What}, found {value.Describe()}");
    }

    static (long Min, long Max, string Text) Interval(TokenReader reader, long now)
    {
        var includesFirst = reader.Next().IsSymbol('[');
        var from = Time(reader, now);
        reader.ExpectSymbol(',');
        var to = Time(reader, now);
        var includesLast = EndOfRange(reader);
        var text = $"{(includesFirst ? '[' : '(')}{from.Text}, {to.Text}{(includesLast ? ']' : ')')}";
        return (includesFirst ? from.First : TimeText.Add(from.Last, 1), includesLast ? to.Last : TimeText.Add(to.First, -1), text);
    }

    static bool EndOfRange(TokenReader reader)
    {
        var isIncluded = reader.TakeSymbol(']');
        return isIncluded || reader.TakeSymbol(')') ? isIncluded : throw reader.Expected("')' or ']'");
    }

    /// <summary>A comparison with a time or, for a duration, with the time so long ago: <c>&gt;1h</c> is older than an hour.</summary>
    static (long Min, long Max, string Text) Comparison(TokenReader reader, long now, bool isAfter)
    {
        var isIncluded = reader.IsAdjacent('=') && reader.TakeSymbol('=');
        var value = reader.Current;
        long first, last;
        string text;
        if (reader.Current.Kind is TokenKind.Word or TokenKind.Quoted && Durations.TryParse(reader.Current.Text, out var age))
        {
            reader.EnsureEnded(reader.Next());
            first = last = TimeText.Add(now, -age);
            text = Written(value.Text);
            var op = isAfter ? '>' : '<';
            isAfter = !isAfter;
            return Bounded(isAfter, isIncluded, first, last, $"{op}{(isIncluded ? "=" : "")}{text}");
        }

        (first, last, text) = Time(reader, now);
        return Bounded(isAfter, isIncluded, first, last, $"{(isAfter ? '>' : '<')}{(isIncluded ? "=" : "")}{text}");
    }

    static (long Min, long Max, string Text) Bounded(bool isAfter, bool isIncluded, long first, long last, string text) => isAfter
        ? (isIncluded ? first : TimeText.Add(last, 1), long.MaxValue, text)
        : (long.MinValue, isIncluded ? last : TimeText.Add(first, -1), text);

    static (long First, long Last, string Text) Time(TokenReader reader, long now)
    {
        const string Expected = "a time as 2026-11-21, 2026-11-21T14:00:05Z or now-5m";
        var value = reader.TakeValue(Expected);
        reader.EnsureEnded(value);
        return TimeText.TryParse(value.Text, now, out var first, out var last)
            ? (first, last, Written(value.Text))
            : throw reader.Error(value.Position, $"expected {Expected}, found {value.Describe()}");
    }

    static RecurringTimeFilter Recurring(TokenReader reader)
    {
        var isDay = reader.Next().IsWord("day_range");
        var includesFirst = reader.Next().IsSymbol('[');
        var (first, firstText) = isDay ? ClockTime(reader) : Weekday(reader);
        reader.ExpectSymbol(',');
        var (last, lastText) = isDay ? ClockTime(reader) : Weekday(reader);
        var includesLast = EndOfRange(reader);
        var unit = isDay ? 1 : Timestamps.Day;
        first = includesFirst ? first : first + unit;
        last = includesLast ? last + unit - 1 : last - 1;
        var text = $"{(isDay ? "day" : "week")}_range{(includesFirst ? '[' : '(')}{firstText}, {lastText}{(includesLast ? ']' : ')')}";
        var offset = 0L;
        if (reader.TakeWord("offset"))
        {
            offset = Offset(reader, out var offsetText);
            text += $" offset {offsetText}";
        }

        // 1970-01-01 was a Thursday; weeks count from Sunday.
        var period = isDay ? Timestamps.Day : 7 * Timestamps.Day;
        return new(period, ((isDay ? 0 : 4 * Timestamps.Day) + offset) % period, first, last, text);
    }

    static (long Nanoseconds, string Text) ClockTime(TokenReader reader)
    {
        const string Expected = "a time of day as 08:00";
        var value = reader.TakeValue(Expected);
        return TimeOnly.TryParseExact(value.Text, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? (time.Ticks * 100, value.Text)
            : value.Text == "24:00" ? (Timestamps.Day, value.Text)
            : throw reader.Error(value.Position, $"expected {Expected}, found {value.Describe()}");
    }

    static (long Nanoseconds, string Text) Weekday(TokenReader reader)
    {
        const string Expected = "a day of the week as Mon or Monday";
        var value = reader.TakeValue(Expected);
        for (var day = DayOfWeek.Sunday; day <= DayOfWeek.Saturday; day++)
        {
            var name = CultureInfo.InvariantCulture.DateTimeFormat.GetDayName(day);
            if (value.Text.Equals(name, StringComparison.OrdinalIgnoreCase) || value.Text.Equals(name[..3], StringComparison.OrdinalIgnoreCase))
            {
                return ((int)day * Timestamps.Day, name[..3]);
            }
        }

        throw reader.Error(value.Position, $"expected {Expected}, found {value.Describe()}");
    }

    static long Offset(TokenReader reader, out string text)
    {
        var value = reader.TakeValue("a duration as 1h");
        reader.EnsureEnded(value);
        text = Written(value.Text);
        return Durations.TryParse(value.Text, out var offset)
            ? offset
            : throw reader.Error(value.Position, $"expected a duration as 1h, found {value.Describe()}");
    }

    /// <summary>Bare where it can be: times hold colons, which a bare value may.</summary>
    static string Written(string text) =>
        text.AsSpan().IndexOfAnyExcept(Plain) < 0 && char.IsAsciiLetterOrDigit(text[0]) && !text.EndsWith(':') && !text.Contains("::", StringComparison.Ordinal)
            ? text
            : Quoting.Always(text);

    static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-+");
}
