using System.Text;
using Puppylog.App.Tui.Terminal;

namespace Puppylog.Tests.Tui.Terminal;

public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("q", "Text q")]
    [InlineData("é日👍", "Text é, Text 日, Text 👍")]
    [InlineData("\r\n\t\x7f\b", "Enter, Enter, Tab, Backspace, Backspace")]
    [InlineData("\x03\x15", "Control c, Control u")]
    [InlineData("\e[A\e[B\e[C\e[D", "Up, Down, Right, Left")]
    [InlineData("\eOA\eOH\eOF", "Up, Home, End")]
    [InlineData("\e[5~\e[6~\e[3~\e[1~\e[4~\e[H\e[F", "PageUp, PageDown, Delete, Home, End, Home, End")]
    [InlineData("\e[1;5A\e[5;2~\e[Z", "Up, PageUp, BackTab")]
    [InlineData("\e[15~\e[200~x", "Unknown , Unknown , Text x")]
    [InlineData("\e[<64;10;5M\e[<65;10;5M\e[<0;3;24M\e[<0;3;24m", "WheelUp, WheelDown, Click, Unknown ")]
    [InlineData("\e\e[A", "Escape, Text [, Text A")]
    [InlineData("\ex", "Unknown ")]
    public void Keys_of_a_terminal(string sent, string expected)
    {
        var keys = new List<Key>();
        new KeyDecoder().Add(Encoding.UTF8.GetBytes(sent), keys);
        Assert.Equal(expected, string.Join(", ", keys.Select(key => key.Kind is KeyKind.Text or KeyKind.Control or KeyKind.Unknown ? $"{key.Kind} {key.Text}" : $"{key.Kind}")));
    }

    [Fact]
    public void Keys_are_the_same_however_they_are_cut()
    {
        var bytes = Encoding.UTF8.GetBytes("aé\e[5~\e[<64;1;1M日\eOA");
        var whole = new List<Key>();
        new KeyDecoder().Add(bytes, whole);
        var decoder = new KeyDecoder();
        var single = new List<Key>();
        foreach (var one in bytes)
        {
            decoder.Add([one], single);
        }

        Assert.Equal(whole, single);
    }

    [Fact]
    public void Escape_alone_is_the_key_when_nothing_follows()
    {
        var (decoder, keys) = (new KeyDecoder(), new List<Key>());
        decoder.Add("\e"u8, keys);
        Assert.Empty(keys);
        Assert.True(decoder.IsHeld);
        decoder.Flush(keys);
        Assert.Equal([new Key(KeyKind.Escape)], keys);
        Assert.False(decoder.IsHeld);
    }

    [Fact]
    public void Click_says_where()
    {
        var keys = new List<Key>();
        new KeyDecoder().Add("\e[<0;13;24M"u8, keys);
        Assert.Equal([new Key(KeyKind.Click, "", 12, 23)], keys);
    }

    [Fact]
    public void Any_bytes_are_keys_and_nothing_long_is_kept()
    {
        var random = new Random(1);
        var decoder = new KeyDecoder();
        var keys = new List<Key>();
        byte[] likely = [0x1b, (byte)'[', (byte)'O', (byte)'<', (byte)';', (byte)'~', (byte)'M', (byte)'0', 0xc3, 0xe6, 0xf0];
        for (var i = 0; i < 200_000; i++)
        {
            decoder.Add([random.Next(2) == 0 ? likely[random.Next(likely.Length)] : (byte)random.Next(256)], keys);
            if (random.Next(50) == 0)
            {
                decoder.Flush(keys);
            }
        }

        Assert.DoesNotContain(keys, key => key.Kind is KeyKind.Text && key.Text.Length is 0 or > 2);
        decoder.Flush(keys);
        decoder.Add(Enumerable.Repeat((byte)'1', 100_000).Prepend((byte)'[').Prepend((byte)0x1b).ToArray(), keys);
        Assert.Contains(keys, key => key == Key.Of("1"));
    }
}
