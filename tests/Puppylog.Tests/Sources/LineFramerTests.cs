using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Sources;

namespace Puppylog.Tests.Sources;

public sealed class LineFramerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\nb", "a|b")]
    [InlineData("\n\n", "|")]
    [InlineData("a\r\n\0\n", "a\r|\0")]
    [InlineData("12345\n", "12345")]
    [InlineData("123456\n7", "12345(1)|7")]
    [InlineData("1234567890\n\n1", "12345(5)||1")]
    [InlineData("1234567890", "12345(5)")]
    public void Lines_are_framed(string input, string expected)
    {
        foreach (var size in new[] { 1, 2, 3, 5, 100 })
        {
            Assert.Equal(expected, string.Join('|', Frame(Encoding.Latin1.GetBytes(input), 5, () => size)));
        }
    }

    [Fact]
    public void Any_pieces_give_the_same_lines()
    {
        var input = from bytes in Gen.Elements((byte)'\n', (byte)'a', (byte)0xff, (byte)0).ArrayOf()
                    from sizes in Gen.Choose(1, 9).NonEmptyListOf()
                    from max in Gen.Choose(1, 6)
                    select (bytes, sizes, max);
        Prop.ForAll(input.ToArbitrary(), given =>
        {
            var at = 0;
            var pieces = Frame(given.bytes, given.max, () => given.sizes[at++ % given.sizes.Count]);
            var whole = Expected(given.bytes, given.max);
            return pieces.SequenceEqual(whole);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Endless_line_takes_no_more_room_than_a_buffer()
    {
        using var framer = new LineFramer(1000);
        for (var i = 0; i < 200; i++)
        {
            var space = framer.Space();
            Assert.InRange(space.Length, LineFramer.ReadSize, LineFramer.ReadSize);
            space.Fill((byte)'x');
            framer.Advance(space.Length);
            Assert.False(framer.TryTake(out _));
        }

        Assert.True(framer.TryTakeRest(out var rest));
        Assert.Equal(1000, rest.Bytes.Length);
        Assert.Equal(200L * LineFramer.ReadSize, rest.Covered);
    }

    static List<string> Expected(byte[] input, int max)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines.ConvertAll(line => line.Length > max ? $"{line[..max]}({line.Length - max})" : line);
    }

    static List<string> Frame(byte[] input, int max, Func<int> nextSize)
    {
        using var framer = new LineFramer(max);
        var lines = new List<string>();
        long covered = 0;
        for (var at = 0; at < input.Length;)
        {
            var size = Math.Min(nextSize(), input.Length - at);
            input.AsSpan(at, size).CopyTo(framer.Space());
            framer.Advance(size);
            at += size;
            while (framer.TryTake(out var run))
            {
                covered += run.Covered;
                Add(lines, run, max);
            }

            if (at % 3 == 0)
            {
                framer.Trim();
            }
        }

        if (framer.TryTakeRest(out var rest))
        {
            covered += rest.Covered;
            Add(lines, rest, max);
        }

        Assert.Equal(input.Length, covered);
        return lines;
    }

    static void Add(List<string> lines, FramedLines run, int max)
    {
        var bytes = run.Bytes;
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var line = newline < 0 ? bytes : bytes[..newline];
            var cut = (newline < 0 ? run.Left : 0) + Math.Max(0, line.Length - max);
            lines.Add(Encoding.Latin1.GetString(line[..Math.Min(max, line.Length)]) + (cut > 0 ? $"({cut})" : ""));
            bytes = newline < 0 ? default : bytes[(newline + 1)..];
        }
    }
}
