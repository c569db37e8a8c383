namespace Puppylog.App.Tui.Drawing;

/// <summary>A bar from left to right.</summary>
static class Gauge
{
    const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>As long as the value's share of the most; anything above nothing is seen.</summary>
    /// <param name="value">Not negative.</param>
    /// <param name="most">What fills it.</param>
    /// <param name="columns">Its length.</param>
    public static string Draw(double value, double most, int columns)
    {
        if (!(value > 0) || columns <= 0)
        {
            return "";
        }

        var length = Math.Clamp((int)Math.Round(value / Math.Max(most, value) * columns * 8), 1, columns * 8);
        var bar = new string('█', length / 8);
        return length % 8 == 0 ? bar : bar + Eighths[length % 8];
    }
}
