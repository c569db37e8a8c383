using Puppylog.App.Api.Tail;

namespace Puppylog.Tests.Api.Tail;

public sealed class TailCursorTests
{
    [Theory]
    [InlineData("17-3", 16, 3)]
    [InlineData("17-0", 16, 0)]
    [InlineData("17", 17, 0)]
    [InlineData("0", 0, 0)]
    public void Cursor_says_where_to_go_on(string text, long after, long known)
    {
        Assert.True(TailCursor.TryParse(text, out var cursor));
        Assert.Equal((after, known), (cursor.After, cursor.Known(17)));
        Assert.Equal(text, cursor.ToString());
        Assert.Equal(0, cursor.Known(18));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("1-2-3")]
    [InlineData("99999999999999999999")]
    [InlineData(" 1")]
    public void What_is_none_is_refused(string? text) => Assert.False(TailCursor.TryParse(text, out _));
}
