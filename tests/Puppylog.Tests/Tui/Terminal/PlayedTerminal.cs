using System.Globalization;
using System.Text;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;

namespace Puppylog.Tests.Tui.Terminal;

/// <summary>A terminal in memory that understands exactly what a dashboard may send, and fails a test for all else.</summary>
sealed class PlayedTerminal(int width, int height) : MemoryStream
{
    string[,] _cells = new string[height, width];
    string _style = "0";
    (int Line, int Column) _at;

    public bool IsAlternate { get; private set; }

    public bool HasCursor { get; private set; } = true;

    public bool HasMouse { get; private set; }

    public bool Wraps { get; private set; } = true;

    public int Writes { get; private set; }

    /// <summary>Bytes since the last question.</summary>
    public long Taken
    {
        get
        {
            var bytes = field;
            field = 0;
            return bytes;
        }

        private set;
    }

    public (int Line, int Column) Cursor => _at;

    /// <summary>Colours that were asked for.</summary>
    public HashSet<string> Styles { get; } = [];

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Writes++;
        Taken += buffer.Length;
        Read(Encoding.UTF8.GetString(buffer));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public string Text(int line) => string.Concat(Enumerable.Range(0, width).Select(column => _cells[line, column] ?? " "));

    void Read(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '\e')
            {
                var end = at + 2;
                while (!char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                Control(text[(at + 1)..(end + 1)]);
                at = end + 1;
            }
            else
            {
                var length = StringInfo.GetNextTextElementLength(text, at);
                // Joined by the framework, shown one by one by terminals.
                if (Area.Columns(text.Substring(at, length)) > 2)
                {
                    length = char.IsHighSurrogate(text[at]) ? 2 : 1;
                }

                Put(text.Substring(at, length));
                at += length;
            }
        }
    }

    void Put(string character)
    {
        Assert.True(character[0] >= ' ' && character[0] is not ('\x7f' or (>= '\x80' and < '\xa0')), $"a control character {(int)character[0]:X} was written");
        var columns = Rune.TryGetRuneAt(character, 0, out var rune) ? SafeText.Width(rune) : 1;
        Assert.True(_at.Column + columns <= width, $"written beside the screen at line {_at.Line}");
        // As terminals do: half of a wide character cannot stay.
        if (_cells[_at.Line, _at.Column] == "")
        {
            _cells[_at.Line, _at.Column - 1] = " ";
        }

        if (_at.Column + columns < width && _cells[_at.Line, _at.Column + columns] == "")
        {
            _cells[_at.Line, _at.Column + columns] = " ";
        }

        _cells[_at.Line, _at.Column] = character;
        if (columns == 2)
        {
            _cells[_at.Line, _at.Column + 1] = "";
        }

        _at.Column += columns;
    }

    void Control(string sequence)
    {
        switch (sequence)
        {
            case "[?2026h" or "[?2026l":
                break;
            case "[?1049h":
                IsAlternate = true;
                break;
            case "[?1049l":
                IsAlternate = false;
                break;
            case "[?25h":
                HasCursor = true;
                break;
            case "[?25l":
                HasCursor = false;
                break;
            case "[?7l":
                Wraps = false;
                break;
            case "[?7h":
                Wraps = true;
                break;
            case "[?1000h" or "[?1006h":
                HasMouse = true;
                break;
            case "[?1000l" or "[?1006l":
                HasMouse = false;
                break;
            case "[2J":
                _cells = new string[height, width];
                break;
            case ['[', .. var numbers, 'm']:
                _style = numbers;
                Styles.Add(_style);
                break;
            case ['[', .. var place, 'H']:
                var parts = place.Split(';');
                _at = (int.Parse(parts[0], CultureInfo.InvariantCulture) - 1, int.Parse(parts[1], CultureInfo.InvariantCulture) - 1);
                Assert.InRange(_at.Line, 0, height - 1);
                Assert.InRange(_at.Column, 0, width - 1);
                break;
            default:
                Assert.Fail($"an unexpected sequence: {sequence}");
                break;
        }
    }
}
