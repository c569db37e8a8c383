namespace Puppylog.App.Tui;

/// <summary>A row of bars, or several rows for a taller chart.</summary>
static class Sparkline
{
    const string Bars = " ▁▂▃▄▅▆▇█";

    /// <summary>One column per value, scaled so that <paramref name="top"/> fills the height; anything above nothing is seen.</summary>
    /// <param name="values">Not negative.</param>
    /// <param name="top">The value of a full column; 1 at least.</param>
    /// <param name="rows">The chart's height.</param>
    public static string[] Draw(ReadOnlySpan<long> values, long top, int rows)
    {
        var lines = new string[rows];
        Span<char> line = new char[values.Length];
        for (var row = 0; row < rows; row++)
        {
            var below = (rows - 1 - row) * 8;
            for (var column = 0; column < values.Length; column++)
            {
                var height = Math.Min(1, (double)values[column] / Math.Max(1, top)) * rows * 8;
                var eighths = values[column] > 0 ? Math.Max(1, (int)Math.Round(height)) : 0;
                line[column] = Bars[Math.Clamp(eighths - below, 0, 8)];
            }

            lines[row] = line.ToString();
        }

        return lines;
    }
}
