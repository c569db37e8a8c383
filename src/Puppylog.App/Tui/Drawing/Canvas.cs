using System.Text;
using Puppylog.App.Watch;

namespace Puppylog.App.Tui.Drawing;

/// <summary>A screen of cells in memory. Nothing can be written beside it.</summary>
sealed class Canvas
{
    readonly Cell[] _cells;

    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Lines, at least 1.</param>
    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _cells = new Cell[width * height];
        Array.Fill(_cells, Cell.Blank);
    }

    public int Width { get; }

    public int Height { get; }

    public Area Whole => new(this, 0, 0, Width, Height);

    /// <summary>Where the cursor blinks: where a text is edited; null where it is not seen.</summary>
    public (int Column, int Line)? Cursor { get; set; }

    public ReadOnlySpan<Cell> Line(int line) => _cells.AsSpan(line * Width, Width);

    /// <summary>Puts a character there; half of a wide one that it covers becomes blank on the other side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not, or not wholly, on the screen.</exception>
    public void Put(int column, int line, Rune rune, string? marks, Style style)
    {
        var width = SafeText.Width(rune);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfNegative(line);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(column + width, Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(line, Height);
        var cells = _cells.AsSpan(line * Width, Width);
        if (cells[column].IsTail)
        {
            cells[column - 1] = Cell.Blank with { Style = cells[column - 1].Style };
        }

        var end = column + width;
        if (end < Width && cells[end].IsTail)
        {
            cells[end] = Cell.Blank with { Style = cells[end].Style };
        }

        cells[column] = new(rune, marks, style);
        if (width == 2)
        {
            cells[column + 1] = new(default, null, style);
        }
    }

    /// <summary>A line's text, for tests and plain output.</summary>
    public string Text(int line)
    {
        var text = new StringBuilder();
        foreach (ref readonly var cell in Line(line))
        {
            if (!cell.IsTail)
            {
                text.Append(cell.Rune.ToString()).Append(cell.Marks);
            }
        }

        return text.ToString();
    }
}
