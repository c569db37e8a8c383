using System.Text;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;

namespace Puppylog.Tests.Tui.Tail;

public sealed class LineEditorTests
{
    [Theory]
    [InlineData("status", "\x7f\x7fX", "statX|")]
    [InlineData("status", "\e[D\e[D\e[3~", "stat|s")]
    [InlineData("status", "\e[Ha\e[Fz", "astatusz|")]
    [InlineData("a b c", "\x17", "a b |")]
    [InlineData("a b  ", "\x17", "a |")]
    [InlineData("a b c", "\e[D\x15", "|c")]
    [InlineData("a b c", "\e[D\x0b", "a b |")]
    [InlineData("", "\x7f\e[3~\e[D\e[C\x17", "|")]
    [InlineData("日👍e\u0301", "\x7f\x7f", "日|")]
    [InlineData("日👍e\u0301", "\e[D\e[DX", "日X|👍e\u0301")]
    [InlineData("日👍e\u0301", "\e[H\e[C\e[3~", "日|e\u0301")]
    public void Keys_edit_whole_characters(string text, string sent, string expected)
    {
        var editor = new LineEditor(text);
        var keys = new List<Key>();
        new KeyDecoder().Add(Encoding.UTF8.GetBytes(sent), keys);
        keys.ForEach(key => editor.Handle(key));
        Assert.Equal(expected, editor.Text.Insert(editor.Cursor, "|"));
    }

    [Fact]
    public void Text_is_bounded()
    {
        var editor = new LineEditor("");
        for (var i = 0; i < LineEditor.MaxLength * 2; i++)
        {
            editor.Handle(Key.Of("x"));
        }

        Assert.Equal(LineEditor.MaxLength, editor.Text.Length);
    }
}
