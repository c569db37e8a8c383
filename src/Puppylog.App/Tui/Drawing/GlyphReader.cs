using System.Globalization;
using System.Text;
using Puppylog.App.Watch;

namespace Puppylog.App.Tui.Drawing;

/// <summary>
/// Takes text from anywhere apart into what cells can show: a character that is harmless for a terminal, with at most
/// <see cref="MaxMarks"/> combining marks. Tabs are blanks, ends of lines <c>↵</c>, what would steer the terminal U+FFFD.
/// </summary>
ref struct GlyphReader(string text)
{
    /// <summary>More over one character is no writing.</summary>
    const int MaxMarks = 2;

    int _at;

    public Rune Rune { get; private set; }

    /// <summary>Null for none.</summary>
    public string? Marks { get; private set; }

    public int Width { get; private set; }

    /// <summary>False at the end of the text.</summary>
    public bool MoveNext()
    {
        if (_at >= text.Length)
        {
            return false;
        }

        Rune = Safe(Next());
        Width = SafeText.Width(Rune);
        Marks = null;
        while (_at < text.Length && text[_at] >= '\u0300')
        {
            var before = _at;
            var mark = Next();
            if (Rune.GetUnicodeCategory(mark) != UnicodeCategory.NonSpacingMark)
            {
                _at = before;
                break;
            }

            // Selectors between two looks of a character would change its width.
            if (mark.IsBmp && mark.Value is not (>= 0xFE00 and <= 0xFE0F) && (Marks?.Length ?? 0) < MaxMarks)
            {
                Marks += mark.ToString();
            }
        }

        return true;
    }

    Rune Next()
    {
        if (text[_at] < '\x80')
        {
            return new Rune(text[_at++]);
        }

        if (Rune.TryGetRuneAt(text, _at, out var rune))
        {
            _at += rune.Utf16SequenceLength;
            return rune;
        }

        _at++;
        return Rune.ReplacementChar;
    }

    static Rune Safe(Rune rune) => rune.Value switch
    {
        >= ' ' and < 0x7F => rune,
        '\t' => new Rune(' '),
        '\n' => new Rune('↵'),
        _ => SafeText.IsSafe(rune) ? rune : Rune.ReplacementChar,
    };
}
