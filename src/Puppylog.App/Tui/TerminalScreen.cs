using System.Globalization;
using System.Text;

namespace Puppylog.App.Tui;

/// <summary>
/// A terminal's alternate screen: what was there before comes back when it is left. Only lines that changed are written,
/// in one write, as one update where the terminal knows that (mode 2026), so that nothing flickers.
/// </summary>
sealed class TerminalScreen(Stream terminal)
{
    const string Enter = "\e[?1049h\e[?25l\e[2J";
    const string Leave = "\e[0m\e[?25h\e[?1049l";

    readonly Lock _lock = new();
    string[] _shown = [];
    int _width;
    bool _entered;

    /// <summary>Draws everything anew the next time: the screen's content is not known any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _shown = [];
            _width = 0;
        }
    }

    public void Draw(string[] lines, int width)
    {
        lock (_lock)
        {
            var output = new StringBuilder("\e[?2026h");
            var whole = width != _width || lines.Length != _shown.Length;
            if (whole)
            {
                output.Append(Enter);
                _entered = true;
            }

            var before = output.Length;
            for (var line = 0; line < lines.Length; line++)
            {
                if (whole || lines[line] != _shown[line])
                {
                    // Erased first: after a full line the cursor stands on its last column and would erase that.
                    output.Append(CultureInfo.InvariantCulture, $"\e[{line + 1};1H\e[2K").Append(lines[line]).Append("\e[0m");
                }
            }

            if (output.Length > before)
            {
                Write(output.Append("\e[?2026l").ToString());
            }

            _shown = lines;
            _width = width;
        }
    }

    /// <summary>Gives the terminal back as it was. May be called more than once.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            if (_entered)
            {
                _entered = false;
                _shown = [];
                Write(Leave);
            }
        }
    }

    void Write(string text)
    {
        terminal.Write(Encoding.UTF8.GetBytes(text));
        terminal.Flush();
    }
}
