using System.Globalization;

namespace Puppylog.App.Tui.Drawing;

/// <summary>Bars over time with a scale at the left and times below.</summary>
/// <param name="Values">A column each, the newest last; what is not a number is a gap.</param>
/// <param name="Style">Of the bars.</param>
/// <param name="Begin">What stands below the first column.</param>
/// <param name="End">What stands below the last one.</param>
sealed record Plot(double[] Values, Style Style, string Begin, string End)
{
    /// <summary>Columns that the scale takes.</summary>
    public const int ScaleWidth = 8;

    /// <summary>A value that is marked across where no bar stands, and above which bars look like <see cref="Over"/>; null for none.</summary>
    public double? Threshold { get; init; }

    /// <summary>Of bars above the threshold.</summary>
    public Style Over { get; init; } = new(Colour.Red);

    /// <summary>True where the last column is not whole yet.</summary>
    public bool IsLastOpen { get; init; }

    /// <summary>Columns of values that fit into an area.</summary>
    public static int Room(int width) => Math.Max(0, width - ScaleWidth);

    public void Draw(Area area)
    {
        var (rows, room) = (area.Height - 1, Room(area.Width));
        if (rows < 1 || room < 1)
        {
            return;
        }

        var shown = Values.Length > room ? Values[^room..] : Values;
        var top = Top(shown);
        var bars = Sparkline.Draw(shown, top, rows);
        var marked = Threshold is { } value && value > 0 && value < top ? rows - 1 - Math.Min(rows - 1, (int)(value / top * rows)) : -1;
        area.Fill(ScaleWidth, marked, room, '╌', Style.Dim);
        var middle = rows >= 5 ? rows / 2 : -1;
        for (var row = 0; row < rows; row++)
        {
            var label = row == 0 ? Number(top) : row == middle ? Number(top / 2) : "";
            area.WriteBefore(ScaleWidth - 2, row, label, Style.Dim);
            area.Fill(ScaleWidth - 1, row, 1, label.Length > 0 ? '┤' : '│', Style.Dim);
            DrawBars(area, row, bars[row], shown);
        }

        area.WriteBefore(ScaleWidth - 2, rows, "0", Style.Dim);
        area.Fill(ScaleWidth - 1, rows, 1, '└', Style.Dim);
        area.Fill(ScaleWidth, rows, room, '─', Style.Dim);
        area.Write(ScaleWidth + 1, rows, Begin.Length > 0 ? $" {Begin} " : "", Style.Dim, room - 1);
        if (End.Length > 0 && Area.Columns(Begin) + Area.Columns(End) + 8 < room)
        {
            area.WriteBefore(area.Width - 1, rows, $" {End} ", Style.Dim);
        }
    }

    void DrawBars(Area area, int row, string bars, double[] shown)
    {
        var left = area.Width - shown.Length;
        for (var column = 0; column < shown.Length; column++)
        {
            if (bars[column] != ' ')
            {
                area.Fill(left + column, row, 1, bars[column], IsLastOpen && column == shown.Length - 1 ? Drawing.Style.Dim : shown[column] > Threshold ? Over : Style);
            }
        }
    }

    /// <summary>The next of 1, 2, 5, 10, 20 … that no value exceeds, so that the scale does not change with every value.</summary>
    public static double Top(ReadOnlySpan<double> values)
    {
        var most = 0.0;
        foreach (var value in values)
        {
            most = double.IsFinite(value) ? Math.Max(most, value) : most;
        }

        if (most <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        foreach (var step in (ReadOnlySpan<double>)[1, 1.5, 2, 3, 4, 5, 6, 8])
        {
            if (step * power >= most)
            {
                return step * power;
            }
        }

        return 10 * power;
    }

    /// <summary>At most six characters: <c>0.05</c>, <c>150</c>, <c>12.5k</c>, <c>3M</c>.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        return size switch
        {
            >= 1e15 or (> 0 and < 0.001) => value.ToString("0e0", CultureInfo.InvariantCulture),
            >= 1e12 => Scaled(value / 1e12, "T"),
            >= 1e9 => Scaled(value / 1e9, "G"),
            >= 1e6 => Scaled(value / 1e6, "M"),
            >= 1e4 => Scaled(value / 1e3, "k"),
            >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ => value.ToString("0.###", CultureInfo.InvariantCulture),
        };
    }

    static string Scaled(double value, string unit) => value.ToString(value >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture) + unit;
}
