namespace Puppylog.App.Tui.Drawing;

/// <summary>A row of bars, or several rows for a taller chart.</summary>
static class Sparkline
{
    const string Bars = " ▁▂▃▄▅▆▇█";

    /// <summary>One column per value, scaled so that <paramref name="top"/> fills the height; anything above nothing is seen.</summary>
    /// <param name="values">What is not a number, or below zero, is a gap.</param>
    /// <param name="top">The value of a full column.</param>
    /// <param name="rows">The chart's height.</param>
    public static string[] Draw(ReadOnlySpan<double> values, double top, int rows)
    {
        var lines = new string[rows];
        Span<char> line = new char[values.Length];
        for (var row = 0; row < rows; row++)
        {
            var below = (rows - 1 - row) * 8;
            for (var column = 0; column < values.Length; column++)
            {
                line[column] = Bars[Math.Clamp(Eighths(values[column], top, rows * 8) - below, 0, 8)];
            }

            lines[row] = line.ToString();
        }

        return lines;
    }

    static int Eighths(double value, double top, int full)
    {
        if (!(value > 0))
        {
            return 0;
        }

        return top > 0 && value < top ? Math.Max(1, (int)Math.Round(value / top * full)) : full;
    }
}
