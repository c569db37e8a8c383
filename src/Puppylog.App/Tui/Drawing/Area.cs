using System.Text;

namespace Puppylog.App.Tui.Drawing;

/// <summary>A part of a canvas. What does not fit into it is left out; an area without room takes everything and shows nothing.</summary>
readonly struct Area
{
    static readonly Rune Ellipsis = new('…');

    readonly Canvas _canvas;
    readonly int _left;
    readonly int _top;

    public Area(Canvas canvas, int left, int top, int width, int height)
    {
        (_canvas, _left, _top) = (canvas, left, top);
        Width = Math.Max(0, width);
        Height = Math.Max(0, height);
    }

    public int Width { get; }

    public int Height { get; }

    public Area Lines(int from, int count)
    {
        from = Math.Clamp(from, 0, Height);
        return new(_canvas, _left, _top + from, Width, Math.Clamp(count, 0, Height - from));
    }

    public Area LinesFrom(int from) => Lines(from, int.MaxValue);

    public Area Columns(int from, int count)
    {
        from = Math.Clamp(from, 0, Width);
        return new(_canvas, _left + from, _top, Math.Clamp(count, 0, Width - from), Height);
    }

    public Area ColumnsFrom(int from) => Columns(from, int.MaxValue);

    /// <summary>Writes text, made harmless; what is too long ends in <c>…</c>.</summary>
    /// <param name="column">Of the area.</param>
    /// <param name="line">Of the area.</param>
    /// <param name="text">From anywhere.</param>
    /// <param name="style">How it looks.</param>
    /// <param name="columns">Columns that it may take.</param>
    /// <returns>The column behind it.</returns>
    public int Write(int column, int line, string text, Style style = default, int columns = int.MaxValue)
    {
        var end = Math.Min(Width, column + (long)columns);
        if (line < 0 || line >= Height || column < 0 || column >= end || text.Length == 0)
        {
            return column;
        }

        var glyphs = new GlyphReader(text);
        var whole = column;
        while (glyphs.MoveNext())
        {
            if (column + glyphs.Width > end)
            {
                // The last one that leaves room for the sign of the cut goes.
                _canvas.Put(_left + whole, _top + line, Ellipsis, null, style);
                for (var rest = whole + 1; rest < end; rest++)
                {
                    _canvas.Put(_left + rest, _top + line, Cell.Blank.Rune, null, style);
                }

                return (int)end;
            }

            _canvas.Put(_left + column, _top + line, glyphs.Rune, glyphs.Marks, style);
            column += glyphs.Width;
            whole = column < end ? column : whole;
        }

        return column;
    }

    /// <summary>Writes text so that it ends before a column.</summary>
    public void WriteBefore(int column, int line, string text, Style style = default) => Write(Math.Max(0, Math.Min(column, Width) - Columns(text)), line, text, style);

    /// <summary>Repeats a character over columns.</summary>
    public void Fill(int column, int line, int count, char character, Style style = default)
    {
        for (var at = Math.Max(0, column); at < Math.Min((long)column + count, Width) && line >= 0 && line < Height; at++)
        {
            _canvas.Put(_left + at, _top + line, new Rune(character), null, style);
        }
    }

    /// <summary>A line across: <c>── Title ─────</c>. A remark may stand at its end.</summary>
    public void Rule(int line, string title, string remark = "", Style? style = null, Style? remarkStyle = null)
    {
        Fill(0, line, Width, '─', Style.Dim);
        var end = Width - 2;
        if (remark.Length > 0)
        {
            var length = Columns(remark) + 2;
            if (end - length >= Columns(title) + 5)
            {
                Write(end - length, line, $" {remark} ", remarkStyle ?? Style.Dim, length);
                end -= length;
            }
        }

        if (title.Length > 0)
        {
            Write(1, line, " ");
            Write(Write(2, line, title, style ?? Style.Strong, end - 3), line, " ");
        }
    }

    /// <summary>Shows the cursor there.</summary>
    public void PlaceCursor(int column, int line)
    {
        if (column >= 0 && column < Width && line >= 0 && line < Height)
        {
            _canvas.Cursor = (_left + column, _top + line);
        }
    }

    /// <summary>Gives what stands on a line another look, its colours kept.</summary>
    public void Mark(int line, Weight weight)
    {
        for (var column = 0; line >= 0 && line < Height && column < Width; column++)
        {
            var cell = _canvas.Line(_top + line)[_left + column];
            if (!cell.IsTail)
            {
                _canvas.Put(_left + column, _top + line, cell.Rune, cell.Marks, cell.Style with { Weight = (cell.Style.Weight & ~Weight.Dim) | weight });
            }
        }
    }

    /// <summary>Columns that a text takes as it is written.</summary>
    public static int Columns(string text)
    {
        var glyphs = new GlyphReader(text);
        var columns = 0;
        while (glyphs.MoveNext())
        {
            columns += glyphs.Width;
        }

        return columns;
    }

    /// <summary>The end of a text that fits into columns.</summary>
    public static string End(string text, int columns)
    {
        var (at, rest) = (0, Columns(text));
        while (rest > columns && at < text.Length)
        {
            var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
            rest -= Columns(text.Substring(at, length));
            at += length;
        }

        return text[at..];
    }
}
