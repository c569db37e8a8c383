using Puppylog.App.Tui.Drawing;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Watch;

namespace Puppylog.App.Tui.Views;

/// <summary>Records as they come, those that the filter lets through; paused, one can go back and open one.</summary>
static class TailView
{
    const string Prompt = "filter: ";

    /// <summary>Lines of the filter and its rule.</summary>
    const int HeadLines = 2;

    /// <summary>Columns from which on it is said how many came.</summary>
    const int WidthForCounts = 56;

    /// <summary>Columns from which on the day stands before the time.</summary>
    const int WidthForDate = 140;

    public static string Hint(DashboardModel model) => model.Tail switch
    {
        { Editor: not null } => "Enter applies the filter · Esc leaves it as it was · Ctrl-U empties it",
        { IsOpen: true } => "↑ ↓ other records · Esc closes",
        { IsPaused: true } => "↑ ↓ PgUp PgDn · Enter all fields · ← → move · r whole lines · space follows",
        _ => "/ filter · space pauses · ↑ back · Enter all fields · ← → move · r whole lines",
    };

    /// <summary>Records that are seen.</summary>
    /// <param name="tail">The tail.</param>
    /// <param name="height">Lines of the view.</param>
    public static int Page(TailModel tail, int height)
    {
        var list = height - HeadLines - (tail.Mistake is null ? 0 : 2);
        return Math.Max(1, tail.IsOpen ? list - DetailLines(list) : list);
    }

    public static void Draw(Area area, DashboardModel model)
    {
        var tail = model.Tail;
        area.Rule(0, "Live tail", State(tail, area.Width), remarkStyle: tail.IsPaused ? Style.Warning : Style.Good);
        DrawFilter(area.Lines(1, 1), tail);
        var head = HeadLines;
        if (tail.Mistake is { } mistake)
        {
            DrawMistake(area.Lines(head, 2), tail, mistake.Position, mistake.Message);
            head += 2;
        }

        var page = Page(tail, area.Height);
        DrawRecords(area.Lines(head, page), tail, page);
        if (tail.IsOpen && tail.Count > 0)
        {
            DrawFields(area.LinesFrom(head + page), tail[Math.Min(tail.Selected, tail.Count - 1)]);
        }
    }

    /// <summary>Where there is little room, all but a few records.</summary>
    static int DetailLines(int list) => Math.Max(3, list < 28 ? list * 3 / 4 : list / 2);

    static string State(TailModel tail, int width)
    {
        if (width < WidthForCounts)
        {
            return tail.IsPaused ? "PAUSED" : "following";
        }

        var counts = tail.Filter.TakesAll ? $"{TrafficText.Count(tail.Seen)} records" : $"{TrafficText.Count(tail.Matched)} of {TrafficText.Count(tail.SeenSince)} new records match";
        return tail.IsSearching ? "searching what there was before"
            : tail.IsPaused ? $"PAUSED · {TrafficText.Count(tail.Newer)} newer"
            : $"following · {counts}";
    }

    static void DrawFilter(Area line, TailModel tail)
    {
        var column = line.Write(1, 0, Prompt, Style.Dim);
        if (tail.Editor is not { } editor)
        {
            line.Write(column, 0, tail.Filter.TakesAll ? "none: all records (press /)" : tail.Filter.Text, tail.Filter.TakesAll ? Style.Dim : Style.Strong);
            return;
        }

        // What is before the cursor is always seen.
        var field = line.ColumnsFrom(column);
        var skipped = Skipped(editor, field.Width);
        var shown = editor.Text[skipped..];
        field.Fill(0, 0, field.Width, ' ', new Style(Weight: Weight.Underlined));
        field.Write(0, 0, shown, new Style(Weight: Weight.Bold | Weight.Underlined));
        field.PlaceCursor(Area.Columns(editor.Text[skipped..editor.Cursor]), 0);
    }

    static int Skipped(LineEditor editor, int width) => editor.Cursor - Area.End(editor.Text[..editor.Cursor], Math.Max(0, width - 2)).Length;

    static void DrawMistake(Area area, TailModel tail, int position, string message)
    {
        var editor = tail.Editor;
        var skipped = editor is null ? 0 : Skipped(editor, area.Width - 1 - Prompt.Length);
        var before = editor is null ? 0 : Area.Columns(editor.Text[skipped..Math.Clamp(position, skipped, editor.Text.Length)]);
        area.Write(Math.Min(1 + Prompt.Length + before, area.Width - 1), 0, "^", Style.Bad);
        area.Write(1, 1, message, Style.Bad);
    }

    static void DrawRecords(Area area, TailModel tail, int page)
    {
        if (tail.Count == 0)
        {
            area.Write(1, 0, tail.IsSearching ? "" : tail.Seen == 0 ? "waiting for records" : "nothing that came matches the filter", Style.Dim);
            return;
        }

        var first = tail.FirstShown(page);
        for (var line = 0; line < page && first + line < tail.Count; line++)
        {
            RecordLine.Draw(area, line, tail[first + line], tail.Shift, area.Width >= WidthForDate, tail.ShowsLines);
            if (tail.IsPaused && first + line == tail.Selected)
            {
                area.Mark(line, Weight.Reversed);
            }
        }
    }

    static void DrawFields(Area area, TailRecord record)
    {
        area.Rule(0, "Fields", RecordLine.Time(record.Time, withDate: true) + " UTC");
        var fields = record.Fields.ToList();
        var room = area.Height - 1;
        var width = Math.Min(area.Width / 3, fields.Select(field => Area.Columns(field.Name)).DefaultIfEmpty(0).Max());
        var fitting = fields.Count <= room ? fields.Count : room - 1;
        // Lines for what goes on below.
        var spare = Math.Max(0, room - fields.Count);
        var line = 1;
        foreach (var (name, value) in fields.Take(fitting))
        {
            area.Write(1, line, name, Style.Dim, width);
            var rest = value;
            while (spare > 0 && Fitting(rest, area.Width - width - 4) is var part && part.Length < rest.Length)
            {
                area.Write(width + 3, line++, part);
                rest = rest[part.Length..];
                spare--;
            }

            area.Write(width + 3, line++, rest);
        }

        if (fitting < fields.Count)
        {
            area.Write(1, line, $"and {fields.Count - fitting} more fields: a higher window shows them", Style.Warning);
        }
    }

    /// <summary>The beginning that fits, at least a character.</summary>
    static string Fitting(string text, int columns)
    {
        var (at, used) = (0, 0);
        while (at < text.Length)
        {
            var length = System.Globalization.StringInfo.GetNextTextElementLength(text, at);
            var width = Area.Columns(text.Substring(at, length));
            if (used + width > columns && at > 0)
            {
                break;
            }

            (at, used) = (at + length, used + width);
        }

        return text[..at];
    }
}
