using System.Globalization;
using System.Text;
using Puppylog.App.Tui.Drawing;

namespace Puppylog.App.Tui.Terminal;

/// <summary>
/// A terminal's alternate screen: what was there before comes back when it is left. Only cells that changed are written, in
/// one write, as one update where the terminal knows that (mode 2026), and nothing is erased first, so that nothing flickers.
/// Thread-safe.
/// </summary>
sealed class TerminalScreen(Stream terminal, bool colours, bool mouse = false)
{
    /// <summary>Unchanged cells that are written again rather than skipped: moving the cursor takes some eight bytes.</summary>
    const int Gap = 6;

    // A line that is full does not wrap (DECAWM off).
    const string Enter = "\e[?1049h\e[?25l\e[?7l\e[0m\e[2J";
    const string Leave = "\e[0m\e[?7h\e[?25h\e[?1049l";
    const string EnterMouse = "\e[?1000h\e[?1006h";
    const string LeaveMouse = "\e[?1006l\e[?1000l";
    const string BeginUpdate = "\e[?2026h";
    const string EndUpdate = "\e[?2026l";

    readonly Lock _lock = new();
    readonly StringBuilder _output = new();
    Canvas? _shown;
    bool _entered;
    bool _left;

    /// <summary>Draws everything anew the next time: the screen's content is not known any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _shown = null;
        }
    }

    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Draw(Canvas canvas)
    {
        lock (_lock)
        {
            if (_left)
            {
                return;
            }

            // Nobody sees the cursor run over the screen.
            _output.Clear().Append(BeginUpdate).Append(_shown?.Cursor is null ? "" : "\e[?25l");
            var before = _output.Length;
            var shown = _shown is { } known && known.Width == canvas.Width && known.Height == canvas.Height ? known : null;
            if (shown is null)
            {
                _output.Append(Enter).Append(mouse ? EnterMouse : "");
                _entered = true;
            }

            var style = new Style();
            for (var line = 0; line < canvas.Height; line++)
            {
                AddLine(canvas.Line(line), shown is null ? default : shown.Line(line), line, ref style);
            }

            AddCursor(canvas, shown, _output.Length > before);
            if (_output.Length > before)
            {
                Write(_output.Append(style == default ? "" : "\e[0m").Append(EndUpdate).ToString());
            }

            _shown = canvas;
        }
    }

    /// <summary>Gives the terminal back as it was, and draws no more until <see cref="Return"/>. May be called more than once.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            _left = true;
            _shown = null;
            if (_entered)
            {
                _entered = false;
                Write((mouse ? LeaveMouse : "") + Leave);
            }
        }
    }

    /// <summary>Takes the terminal again after <see cref="Restore"/>.</summary>
    public void Return()
    {
        lock (_lock)
        {
            _left = false;
            _shown = null;
        }
    }

    void AddLine(ReadOnlySpan<Cell> cells, ReadOnlySpan<Cell> shown, int line, ref Style style)
    {
        // Where the cursor stands on this line; -1: elsewhere, or not certain.
        var at = -1;
        for (var column = 0; column < cells.Length; column++)
        {
            var cell = cells[column];
            if (cell.IsTail || cell == (shown.IsEmpty ? Cell.Blank : shown[column]))
            {
                continue;
            }

            if (at < 0 || column - at > Gap || !IsPlain(cells[at..column]))
            {
                _output.Append(CultureInfo.InvariantCulture, $"\e[{line + 1};{column + 1}H");
            }
            else
            {
                for (; at < column; at++)
                {
                    AddCell(cells[at], ref style);
                }
            }

            AddCell(cell, ref style);
            // Terminals do not agree how wide all characters are: after one beyond the common ones the place is said again.
            at = IsCommon(cell) ? column + 1 : -1;
        }
    }

    static bool IsPlain(ReadOnlySpan<Cell> cells)
    {
        foreach (ref readonly var cell in cells)
        {
            if (!IsCommon(cell))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>ASCII, Latin, Greek, Cyrillic, dashes, lines and blocks.</summary>
    static bool IsCommon(in Cell cell) => cell is { Marks: null, Rune.Value: (>= ' ' and < 0x530) or '…' or (>= 0x2500 and <= 0x259F) };

    void AddCell(in Cell cell, ref Style style)
    {
        if (cell.Style != style)
        {
            style = cell.Style;
            AddStyle(style);
        }

        _output.Append(cell.Rune.ToString()).Append(cell.Marks);
    }

    void AddStyle(Style style)
    {
        _output.Append("\e[0");
        AddIf(style.Weight.HasFlag(Weight.Bold), 1);
        AddIf(style.Weight.HasFlag(Weight.Dim), 2);
        AddIf(style.Weight.HasFlag(Weight.Underlined), 4);
        AddIf(style.Weight.HasFlag(Weight.Reversed), 7);
        AddIf(colours && style.Colour != Colour.Default, (int)style.Colour);
        _output.Append('m');
    }

    void AddIf(bool condition, int code)
    {
        if (condition)
        {
            _output.Append(';').Append(code);
        }
    }

    void AddCursor(Canvas canvas, Canvas? shown, bool moved)
    {
        if (canvas.Cursor is { } cursor && (moved || shown?.Cursor != cursor))
        {
            _output.Append(CultureInfo.InvariantCulture, $"\e[{cursor.Line + 1};{cursor.Column + 1}H\e[?25h");
        }
        else if (canvas.Cursor is null && shown?.Cursor is not null)
        {
            _output.Append("\e[?25l");
        }
    }

    void Write(string text)
    {
        terminal.Write(Encoding.UTF8.GetBytes(text));
        terminal.Flush();
    }
}
