using Puppylog.App.Tui.Drawing;

namespace Puppylog.App.Tui.Views;

/// <summary>All keys.</summary>
static class HelpView
{
    static readonly (string Keys, string Meaning)[] Entries =
    [
        ("1 … 5  Tab", "the views; also their first letters, and Shift-Tab back"),
        ("↑ ↓ j k", "choose a line; PgUp, PgDn, Home and End go further"),
        ("?  Esc", "this help; close it"),
        ("q  Ctrl-C", "leave; the alerts that were told are printed then"),
        ("", ""),
        ("overview", ""),
        ("z", "how much time a column of the rate covers"),
        ("", ""),
        ("tail", ""),
        ("/", "edit the filter: LogsQL without pipes; Enter applies it"),
        ("space p", "pause and follow; going up pauses, too"),
        ("Enter", "all fields of the chosen record"),
        ("← →  r", "move long lines; whole lines, or access logs by their fields"),
        ("Esc", "close the fields, follow, drop the filter: one after the other"),
        ("", ""),
        ("streams", ""),
        ("< >", "another order"),
        ("", ""),
        ("metrics", ""),
        ("← →", "another segment"),
    ];

    public static void Draw(Area area)
    {
        area.Rule(0, "Keys");
        // Blank lines go first where there is little room.
        var entries = Entries.Length < area.Height ? Entries : [.. Entries.Where(entry => entry.Keys.Length > 0)];
        for (var i = 0; i < entries.Length; i++)
        {
            var (keys, meaning) = entries[i];
            area.Write(meaning.Length == 0 ? 1 : 3, i + 1, keys, meaning.Length == 0 ? Style.Strong : Style.Accent, 12);
            area.Write(16, i + 1, meaning);
        }
    }
}
