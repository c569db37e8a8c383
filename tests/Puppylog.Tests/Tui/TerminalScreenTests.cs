using System.Text;
using Puppylog.App.Tui;

namespace Puppylog.Tests.Tui;

public sealed class TerminalScreenTests : IDisposable
{
    readonly MemoryStream _terminal = new();
    readonly TerminalScreen _screen;

    public TerminalScreenTests() => _screen = new TerminalScreen(_terminal);

    [Fact]
    public void Only_lines_that_changed_are_written()
    {
        _screen.Draw(["one", "two"], 10);
        Assert.StartsWith("\e[?2026h\e[?1049h\e[?25l\e[2J", Written(), StringComparison.Ordinal);
        _screen.Draw(["one", "2"], 10);
        Assert.Equal("\e[?2026h\e[2;1H\e[2K2\e[0m\e[?2026l", Written());
        _screen.Draw(["one", "2"], 10);
        Assert.Equal("", Written());
    }

    [Fact]
    public void Terminal_of_another_size_is_drawn_anew()
    {
        _screen.Draw(["one", "two"], 10);
        Written();
        _screen.Draw(["one", "two"], 11);
        Assert.Contains("\e[2J", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_is_given_back_once()
    {
        _screen.Restore();
        Assert.Equal("", Written());
        _screen.Draw(["one"], 10);
        Written();
        _screen.Restore();
        Assert.Equal("\e[0m\e[?25h\e[?1049l", Written());
        _screen.Restore();
        Assert.Equal("", Written());
    }

    public void Dispose() => _terminal.Dispose();

    string Written()
    {
        var text = Encoding.UTF8.GetString(_terminal.ToArray());
        _terminal.SetLength(0);
        return text;
    }
}
