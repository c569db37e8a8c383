using Puppylog.App.Tui.Drawing;

namespace Puppylog.Tests.Tui.Drawing;

public sealed class PlotTests
{
    [Fact]
    public void Sparkline_scales_to_its_height()
    {
        Assert.Equal(["▁█▄ "], Sparkline.Draw([1, 100, 50, 0], 100, 1));
        Assert.Equal([" █  ", "▁██ "], Sparkline.Draw([1, 100, 50, 0], 100, 2));
        Assert.Equal(["  "], Sparkline.Draw([0, 0], 0, 1));
        Assert.Equal([" █▄ "], Sparkline.Draw([double.NaN, double.PositiveInfinity, 50, -3], 100, 1));
    }

    [Fact]
    public void Plot_has_a_scale_and_its_times()
    {
        var canvas = new Canvas(30, 7);
        new Plot([0, 10, 55, 100, double.NaN, 30], Style.Accent, "then", "now") { Threshold = 50 }.Draw(canvas.Whole);
        Assert.Equal(
            [
                "   100 ┤                   █",
                "       │                   █",
                "       │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▂█╌╌",
                "    50 ┤                  ██",
                "       │                  ██ ▆",
                "       │                 ▅██ █",
                "     0 └─ then ───────── now ─",
            ],
            Enumerable.Range(0, 7).Select(line => canvas.Text(line).TrimEnd()));
    }

    [Theory]
    [InlineData(new double[] { }, 1)]
    [InlineData(new[] { 0.0 }, 1)]
    [InlineData(new[] { 81.0 }, 100)]
    [InlineData(new[] { 100.0 }, 100)]
    [InlineData(new[] { 101.0 }, 150)]
    [InlineData(new[] { 0.007 }, 0.008)]
    [InlineData(new[] { double.NaN, double.PositiveInfinity, 3 }, 3)]
    public void Top_of_the_scale_is_round(double[] values, double expected) => Assert.Equal(expected, Plot.Top(values), 1e-12);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.05, "0.05")]
    [InlineData(7.5, "7.5")]
    [InlineData(150, "150")]
    [InlineData(9999, "9999")]
    [InlineData(12_500, "12.5k")]
    [InlineData(3_000_000, "3M")]
    [InlineData(1e300, "1e300")]
    public void Number_fits_beside_the_scale(double value, string expected) => Assert.Equal(expected, Plot.Number(value));

    [Theory]
    [InlineData(0, 4, "")]
    [InlineData(100, 4, "████")]
    [InlineData(50, 4, "██")]
    [InlineData(1, 4, "▏")]
    [InlineData(60, 4, "██▍")]
    [InlineData(5, 0, "")]
    public void Gauge_is_as_long_as_its_share(double value, int columns, string expected) => Assert.Equal(expected, Gauge.Draw(value, 100, columns));
}
