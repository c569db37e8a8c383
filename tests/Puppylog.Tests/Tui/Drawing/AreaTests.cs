using System.Text;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;

namespace Puppylog.Tests.Tui.Drawing;

public sealed class AreaTests
{
    readonly Canvas _canvas = new(12, 3);

    [Theory]
    [InlineData("plain", 12, "plain       ")]
    [InlineData("longer than the line", 12, "longer than…")]
    [InlineData("twelve chars", 12, "twelve chars")]
    [InlineData("cut", 2, "c…          ")]
    [InlineData("cut", 1, "…           ")]
    [InlineData("cut", 0, "            ")]
    [InlineData("日本語", 12, "日本語      ")]
    [InlineData("日本語", 5, "日本…       ")]
    [InlineData("日本語", 4, "日…         ")]
    [InlineData("tab\there", 12, "tab here    ")]
    [InlineData("two\nlines", 12, "two↵lines   ")]
    [InlineData("\e[31mred", 12, "\uFFFD[31mred    ")]
    [InlineData("\u009b2J", 12, "\uFFFD2J         ")]
    [InlineData("a\u202Eb", 12, "a\uFFFDb         ")]
    [InlineData("e\u0301t", 12, "e\u0301t          ")]
    [InlineData("e\u0301\u0302\u0303\u0304t", 12, "e\u0301\u0302t          ")]
    [InlineData("\u0301t", 12, "\uFFFDt          ")]
    [InlineData("👍\uFE0Fok", 12, "👍ok        ")]
    public void Text_is_made_harmless_and_cut_to_its_columns(string text, int columns, string expected)
    {
        _canvas.Whole.Write(0, 1, text, default, columns);
        Assert.Equal(expected, _canvas.Text(1));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        _canvas.Whole.Write(0, 0, new string(['\uD83D', '!', '\uDC00']));
        Assert.Equal("\uFFFD!\uFFFD", _canvas.Text(0).TrimEnd());
    }

    [Fact]
    public void Half_a_wide_character_that_is_covered_leaves_a_blank()
    {
        _canvas.Whole.Write(0, 0, "日本");
        _canvas.Whole.Write(1, 0, "x");
        Assert.Equal(" x本        ", _canvas.Text(0));
        _canvas.Whole.Write(1, 0, "語");
        Assert.Equal(" 語          "[..11], _canvas.Text(0));
        Assert.Equal(12, _canvas.Line(0).Length);
    }

    [Fact]
    public void Nothing_is_written_beside_an_area_whatever_is_asked()
    {
        var inner = _canvas.Whole.Columns(3, 5).Lines(1, 1);
        foreach (var column in (int[])[-100, -1, 0, 3, 5, 100, int.MaxValue])
        {
            foreach (var line in (int[])[-1, 0, 1, 100])
            {
                inner.Write(column, line, "日本語 text");
                inner.WriteBefore(column, line, "日本語 text");
                inner.Fill(column, line, 100, '#');
                inner.Rule(line, "a title", "a remark");
                inner.Mark(line, Weight.Reversed);
                inner.PlaceCursor(column, line);
                inner.Lines(column, line).Columns(line, column).Write(0, 0, "x");
            }
        }

        Assert.Equal(new string(' ', 12), _canvas.Text(0));
        Assert.Equal(new string(' ', 12), _canvas.Text(2));
        Assert.Equal("   ", _canvas.Text(1)[..3]);
        Assert.EndsWith("    ", _canvas.Text(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Canvas_takes_nothing_that_is_not_wholly_on_it()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _canvas.Put(12, 0, new Rune('x'), null, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _canvas.Put(11, 0, new Rune('日'), null, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _canvas.Put(-1, 0, new Rune('x'), null, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _canvas.Put(0, 3, new Rune('x'), null, default));
    }

    [Fact]
    public void Every_character_takes_the_columns_that_it_is_counted_with()
    {
        for (var value = 0; value < 0x20000; value++)
        {
            if (value is >= 0xD800 and < 0xE000)
            {
                continue;
            }

            var canvas = new Canvas(4, 1);
            var text = new Rune(value).ToString();
            var end = canvas.Whole.Write(0, 0, text + "|");
            Assert.Equal(Area.Columns(text) + 1, end);
            Assert.Equal('|', canvas.Line(0)[end - 1].Rune.Value);
            Assert.True(SafeText.IsSafe(canvas.Line(0)[0].Rune), $"{value:X}");
        }
    }

    [Theory]
    [InlineData("Title", "", "─ Title ────")]
    [InlineData("T", "42", "─ T ── 42 ─")]
    [InlineData("A long title", "42", "─ A long… ──")]
    public void Rule_has_its_title_and_where_there_is_room_a_remark(string title, string remark, string expected)
    {
        _canvas.Whole.Rule(0, title, remark);
        Assert.Equal(expected, _canvas.Text(0)[..expected.Length]);
    }

    [Theory]
    [InlineData("abcdef", 3, "def")]
    [InlineData("日本語", 5, "本語")]
    [InlineData("abc", 9, "abc")]
    [InlineData("abc", 0, "")]
    public void End_of_a_text_is_what_fits(string text, int columns, string expected) => Assert.Equal(expected, Area.End(text, columns));
}
