using System.Globalization;
using System.Text;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Watch;
using Puppylog.Records;

namespace Puppylog.App.Tui.Views;

/// <summary>A record on one line: time, level or status, message.</summary>
static class RecordLine
{
    const int LevelWidth = 6;
    const int HostWidth = 16;

    /// <param name="area">Where it stands.</param>
    /// <param name="line">Of the area.</param>
    /// <param name="record">What stands there.</param>
    /// <param name="shift">Columns by which the text behind the time is moved out at the left.</param>
    /// <param name="withDate">The day before the time.</param>
    /// <param name="asWritten">Lines of access logs as they are, and not by their fields.</param>
    public static void Draw(Area area, int line, TailRecord record, int shift, bool withDate, bool asWritten)
    {
        var column = area.Write(1, line, Time(record.Time, withDate), Style.Dim) + 1;
        var (level, status, route) = (record.Find(FieldNames.Level), record.Find(FieldNames.Status), record.Find(FieldNames.Route));
        if (level.Length > 0)
        {
            area.Write(column, line, level, OfLevel(level), LevelWidth);
            area.Write(column + LevelWidth + 1, line, Cut(Message(record), shift));
        }
        else if (asWritten || status.Length == 0 || route.Length == 0)
        {
            area.Write(column, line, Cut(Message(record), shift), OfStatus(status));
        }
        else
        {
            area.Write(column, line, status, OfStatus(status), 3);
            area.Write(column + 4, line, record.Find(FieldNames.Host), Style.Dim, HostWidth);
            var text = $"{record.Find(FieldNames.Method)} {route}";
            column = area.Write(column + 5 + HostWidth, line, Cut(text, shift), OfStatus(status));
            area.Write(column + 2, line, string.Join("  ", Further(record).Where(part => part.Length > 0)), Style.Dim);
        }
    }

    static IEnumerable<string> Further(TailRecord record)
    {
        yield return long.TryParse(record.Find(FieldNames.Bytes), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? TrafficText.Bytes(bytes) : "";
        yield return record.Find(FieldNames.Duration);
        yield return record.Find(FieldNames.UserAgent);
    }

    /// <summary>The message; a record without one as its fields.</summary>
    public static string Message(TailRecord record) =>
        record.Find(FieldNames.Message) is { Length: > 0 } message
            ? message
            : string.Join(' ', record.Fields.Where(field => field.Name != FieldNames.Stream).Select(field => $"{field.Name}={field.Value}"));

    /// <summary><c>14:00:05</c>, with milliseconds where there are some, and with the day where it is asked for.</summary>
    public static string Time(long nanoseconds, bool withDate)
    {
        var second = Timestamps.FloorDiv(nanoseconds, Timestamps.Second);
        var milliseconds = (nanoseconds - (second * Timestamps.Second)) / 1_000_000;
        var text = TrafficText.Time(second);
        return string.Create(CultureInfo.InvariantCulture, $"{(withDate ? text[..10] + " " : "")}{text[11..19]}") + (milliseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{milliseconds:000}"));
    }

    static Style OfLevel(string level) => level switch
    {
        "fatal" or "error" => Style.Bad,
        "warn" => Style.Warning,
        "debug" or "trace" => Style.Dim,
        _ => Style.Good,
    };

    static Style OfStatus(string status) => status.Length != 3 ? default : status[0] switch { '5' => Style.Bad, '4' => Style.Warning, _ => default };

    /// <summary>Without the columns that are moved out at the left.</summary>
    static string Cut(string text, int shift)
    {
        var (at, columns) = (0, 0);
        while (at < text.Length && columns < shift)
        {
            var rune = Rune.TryGetRuneAt(text, at, out var found) ? found : Rune.ReplacementChar;
            at += rune.Utf16SequenceLength;
            columns += SafeText.Width(rune);
        }

        return text[Math.Min(at, text.Length)..];
    }
}
