using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Tui.Terminal;

namespace Puppylog.Tests.Tui.Terminal;

public sealed class TerminalScreenTests
{
    static readonly string[] Texts = ["a", "bc", "日本", "e\u0301", "│█▁", "👍", "\e[2J", "  ", "long enough to be cut"];

    static readonly Style[] Styles = [default, Style.Bad, Style.Dim, Style.Selected, Style.Accent];

    /// <summary>Whatever was shown before: the terminal shows the canvas, and got it in one write.</summary>
    [Fact]
    public void Terminal_shows_every_canvas_that_is_drawn() => Prop.ForAll<int>(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var (width, height) = (random.Next(1, 30), random.Next(1, 6));
        using var terminal = new PlayedTerminal(width, height);
        var screen = new TerminalScreen(terminal, colours: true);
        for (var frame = 1; frame <= 8; frame++)
        {
            var canvas = Random(random, width, height);
            if (random.Next(4) == 0)
            {
                screen.Forget();
            }

            screen.Draw(canvas);
            Assert.True(terminal.Writes <= frame);
            for (var line = 0; line < height; line++)
            {
                Assert.Equal(canvas.Text(line), terminal.Text(line));
            }

            Assert.Equal(canvas.Cursor is not null, terminal.HasCursor);
            if (canvas.Cursor is { } cursor)
            {
                Assert.Equal((cursor.Line, cursor.Column), terminal.Cursor);
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_what_changed_is_written_and_nothing_where_nothing_did()
    {
        using var terminal = new PlayedTerminal(80, 24);
        var screen = new TerminalScreen(terminal, colours: true);
        screen.Draw(Filled("one"));
        Assert.InRange(terminal.Taken, 80 * 24, 80 * 24 * 2);
        screen.Draw(Filled("one"));
        Assert.Equal(0, terminal.Taken);
        screen.Draw(Filled("two"));
        Assert.InRange(terminal.Taken, 3, 40);
    }

    [Fact]
    public void Canvas_of_another_size_is_drawn_anew()
    {
        using var terminal = new PlayedTerminal(80, 24);
        var screen = new TerminalScreen(terminal, colours: true);
        screen.Draw(Filled("one"));
        var smaller = new Canvas(40, 10);
        smaller.Whole.Write(0, 0, "small");
        screen.Draw(smaller);
        Assert.Equal("small" + new string(' ', 75), terminal.Text(0));
        Assert.Equal(new string(' ', 80), terminal.Text(20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Terminal_is_given_back_as_it_was_and_not_drawn_on_any_more(bool mouse)
    {
        using var terminal = new PlayedTerminal(80, 24);
        var screen = new TerminalScreen(terminal, colours: true, mouse);
        screen.Restore();
        Assert.Equal(0, terminal.Taken);
        screen.Return();
        screen.Draw(Filled("one"));
        Assert.True(terminal is { IsAlternate: true, HasCursor: false, Wraps: false } && terminal.HasMouse == mouse);
        screen.Restore();
        Assert.True(terminal is { IsAlternate: false, HasCursor: true, HasMouse: false, Wraps: true });
        Assert.NotEqual(0, terminal.Taken);
        screen.Draw(Filled("two"));
        screen.Restore();
        Assert.Equal(0, terminal.Taken);
        screen.Return();
        screen.Draw(Filled("two"));
        Assert.True(terminal.IsAlternate);
    }

    [Fact]
    public void Without_colours_weights_stay()
    {
        using var terminal = new PlayedTerminal(10, 1);
        var canvas = new Canvas(10, 1);
        canvas.Whole.Write(0, 0, "x", Style.Bad);
        canvas.Whole.Write(1, 0, "y", Style.Selected);
        canvas.Whole.Write(2, 0, "z", Style.Accent);
        new TerminalScreen(terminal, colours: false).Draw(canvas);
        Assert.Equal(["0", "0;1", "0;7"], terminal.Styles.Order());
        using var coloured = new PlayedTerminal(10, 1);
        new TerminalScreen(coloured, colours: true).Draw(canvas);
        Assert.Equal(["0", "0;1;31", "0;36", "0;7"], coloured.Styles.Order());
    }

    static Canvas Filled(string text)
    {
        var canvas = new Canvas(80, 24);
        for (var line = 0; line < 24; line++)
        {
            canvas.Whole.Fill(0, line, 80, '#');
        }

        canvas.Whole.Write(40, 12, text);
        return canvas;
    }

    static Canvas Random(Random random, int width, int height)
    {
        var canvas = new Canvas(width, height);
        for (var i = random.Next(12); i > 0; i--)
        {
            canvas.Whole.Write(random.Next(width), random.Next(height), Texts[random.Next(Texts.Length)], Styles[random.Next(Styles.Length)]);
        }

        if (random.Next(3) == 0)
        {
            canvas.Whole.PlaceCursor(random.Next(width), random.Next(height));
        }

        return canvas;
    }
}
