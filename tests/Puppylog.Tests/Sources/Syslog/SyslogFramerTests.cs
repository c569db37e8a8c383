using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Sources.Syslog;

namespace Puppylog.Tests.Sources.Syslog;

public sealed class SyslogFramerTests
{
    const int Most = 64;

    [Theory]
    [InlineData("<34>one\n<34>two\n", "<34>one|<34>two")]
    [InlineData("7 <34>one7 <34>two", "<34>one|<34>two")]
    [InlineData("7 <34>one\n7 <34>two\n", "<34>one|<34>two")]
    [InlineData("8 <34>one\n<34>two\n7 <34>two", "<34>one|<34>two|<34>two")]
    [InlineData("11 <34>one\ntwo<34>x\n", "<34>one\ntwo|<34>x")]
    [InlineData("2026-11-21 a line\n12 apples\n7 <34>one", "2026-11-21 a line|12 apples|<34>one")]
    [InlineData("123456789 <34>no length\n7 <34>one", "123456789 <34>no length|<34>one")]
    [InlineData("07 <34>one\n", "07 <34>one")]
    [InlineData("<34>one\0\n\0<34>two\r\n", "<34>one\0|<34>two\r")]
    [InlineData("<34>rest", "<34>rest")]
    [InlineData("42", "42")]
    [InlineData("42 ", "42 ")]
    [InlineData("10 <34>one", "<34>one+3")]
    [InlineData("\n\n\r\n", "")]
    public void Messages_are_told_apart(string bytes, string expected)
    {
        for (var size = 1; size <= bytes.Length; size++)
        {
            Assert.Equal(expected, string.Join('|', Read(Encoding.Latin1.GetBytes(bytes), () => size, Most)));
        }
    }

    [Fact]
    public void Message_that_is_too_long_keeps_its_beginning_and_the_next_one_is_found()
    {
        var text = "<34>" + new string('x', 200_000);
        foreach (var size in new[] { 1, 63, 4096, 500_000 })
        {
            var cut = $"{text[..Most]}+{text.Length - Most}";
            var bytes = Encoding.Latin1.GetBytes($"{text.Length} {text}{text}\n{text.Length} {text}<34>end\n{text}");
            Assert.Equal([cut, cut, cut, "<34>end", cut], Read(bytes, () => size, Most));
        }
    }

    [Fact]
    public void Messages_come_whole_however_they_are_cut_and_framed()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var bytes = new List<byte>();
            var expected = new List<string>();
            for (var i = random.Next(20); i >= 0; i--)
            {
                var isCounted = random.Next(2) == 0;
                var text = "<34>" + new string([.. Enumerable.Range(0, random.Next(2 * Most)).Select(_ => "ab 1<\n"[random.Next(isCounted ? 6 : 5)])]);
                text = text.TrimEnd('\n');
                expected.Add(text.Length > Most ? $"{text[..Most]}+{text.Length - Most}" : text);
                bytes.AddRange(Encoding.Latin1.GetBytes(isCounted ? string.Create(CultureInfo.InvariantCulture, $"{text.Length} {text}") : $"{text}\n"));
            }

            return Read([.. bytes], () => random.Next(1, 40), Most).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_bytes_are_read_to_their_end_in_bounded_memory()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var bytes = Enumerable.Range(0, random.Next(2000)).Select(_ => (byte)"0123456789 <\n\0x"[random.Next(15)]).ToArray();
            var messages = Read(bytes, () => random.Next(1, 300), Most);
            return messages.TrueForAll(message => message.Split('+')[0].Length is > 0 and <= Most);
        }).QuickCheckThrowOnFailure();
    }

    static List<string> Read(byte[] bytes, Func<int> size, int most)
    {
        using var framer = new SyslogFramer(most);
        var messages = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var space = framer.Space().Span;
            Assert.InRange(space.Length, 1, 256 << 10);
            var count = Math.Min(Math.Min(size(), space.Length), bytes.Length - at);
            bytes.AsSpan(at, count).CopyTo(space);
            framer.Advance(count);
            at += count;
            Take(framer, messages);
            framer.Trim();
        }

        if (framer.TryTakeRest(out var rest, out var left))
        {
            Note(messages, rest, left);
        }

        return messages;
    }

    static void Take(SyslogFramer framer, List<string> messages)
    {
        while (framer.TryTake(out var message, out var left))
        {
            Note(messages, message, left);
        }
    }

    static void Note(List<string> messages, ReadOnlySpan<byte> message, long left) =>
        messages.Add(Encoding.Latin1.GetString(message) + (left > 0 ? string.Create(CultureInfo.InvariantCulture, $"+{left}") : ""));
}
