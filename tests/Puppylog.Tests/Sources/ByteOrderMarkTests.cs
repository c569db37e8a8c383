using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Sources;

namespace Puppylog.Tests.Sources;

/// <summary>Texts with a byte order mark, through <see cref="LineFramer"/>.</summary>
public sealed class ByteOrderMarkTests
{
    static readonly Gen<ushort> Unit = Gen.Elements('\n', '\r', 'a', '\0', 'ä', '語', '\ud83d', '\ude00', '\udfff', '\u0a00', '\u000a', '\ufeff', '\uffff').Select(unit => (ushort)unit);

    static readonly Gen<(byte[] Bytes, List<int> Sizes, int Max, bool IsBigEndian, bool HasHalf)> Inputs =
        from units in Unit.ArrayOf()
        from sizes in Gen.Choose(1, 9).NonEmptyListOf()
        from max in Gen.Choose(1, 40)
        from bigEndian in Gen.Elements(true, false)
        from half in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select (Bytes([0xfeff, .. units], bigEndian, half), sizes.ToList(), max, bigEndian, half);

    [Theory]
    [InlineData("feff", "")]
    [InlineData("fffe", "")]
    [InlineData("efbbbf", "")]
    [InlineData("efbbbf 61 0a 62", "a|b")]
    [InlineData("efbbbf efbbbf 61 0a efbbbf 62 0a", "\ufeffa|\ufeffb")]
    [InlineData("efbb 0a", "\u00ef\u00bb")]
    [InlineData("ef 0a bf", "\u00ef|\u00bf")]
    [InlineData("ef", "\u00ef")]
    [InlineData("ff", "\u00ff")]
    [InlineData("ff 0a fe 0a", "\u00ff|\u00fe")]
    [InlineData("61 0a fffe 62 0a", "a|\u00ff\u00feb")]
    [InlineData("fffe 6100 0a00 6200", "a|b")]
    [InlineData("feff 0061 000a 0062", "a|b")]
    [InlineData("fffe 6100 0d00 0a00 0000 0a00 0a00", "a\r|\0|")]
    [InlineData("fffe 0a0a 000a 0a00 0a01", "\u0a0a\u0a00|\u010a")]
    [InlineData("feff 0a0a 0a00 000a 010a", "\u0a0a\u0a00|\u010a")]
    [InlineData("fffe 3dd8 00de 0a00 e400", "😀|ä")]
    [InlineData("feff d83d de00 000a 8a9e", "😀|語")]
    [InlineData("fffe 3dd8 0a00 00de 6100 3dd8", "\ufffd|\ufffda\ufffd(r3)")]
    [InlineData("fffe 6100 61", "a\ufffd(r1)")]
    [InlineData("fffe 6100 3dd8 00", "a\ufffd\ufffd(r2)")]
    [InlineData("fffe fffe 6100", "\ufeffa")]
    public void Text_is_without_its_mark_and_utf8(string hex, string expected)
    {
        foreach (var size in new[] { 1, 2, 3, 5, 100 })
        {
            var lines = Frame(Convert.FromHexString(hex.Replace(" ", "")), 1000, () => size);
            var replaced = lines.Sum(line => line.Replaced);
            Assert.Equal(expected, string.Join('|', lines.Select(line => line.Shown)) + (replaced > 0 ? $"(r{replaced})" : ""));
        }
    }

    [Theory]
    [InlineData("fffe 6100 6200 6300 6400 0a00 6500 0a00", "abc(1)|e")]
    [InlineData("feff 8a9e 8a9e 000a 8a9e", "語(3)|語")]
    [InlineData("fffe 6100 6200 6300 6400 6400", "abc(2)")]
    [InlineData("efbbbf 61 62 63 64 0a", "abc(1)")]
    public void Length_of_a_line_is_that_of_its_text(string hex, string expected)
    {
        foreach (var size in new[] { 1, 2, 3, 5, 100 })
        {
            Assert.Equal(expected, string.Join('|', Frame(Convert.FromHexString(hex.Replace(" ", "")), 3, () => size).Select(line => line.Shown)));
        }
    }

    [Fact]
    public void Any_pieces_give_the_same_lines_and_places() =>
        Prop.ForAll(Inputs.ToArbitrary(), given =>
        {
            var at = 0;
            var lines = Frame(given.Bytes, given.Max, () => given.Sizes[at++ % given.Sizes.Count]);
            Assert.Equal(Expected(given.Bytes, given.IsBigEndian, given.Max), lines.Select(line => (line.Kept, line.Left, line.Offset)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reading_begins_again_at_any_line() =>
        Prop.ForAll(Inputs.ToArbitrary(), given =>
        {
            var at = 0;
            var lines = Frame(given.Bytes, given.Max, () => given.Sizes[at++ % given.Sizes.Count]);
            for (var first = 0; first < lines.Count; first++)
            {
                var again = Frame(given.Bytes, given.Max, () => given.Sizes[at++ % given.Sizes.Count], (int)lines[first].Offset);
                Assert.Equal(lines.Skip(first).Select(line => (line.Kept, line.Left, line.Offset)), again.Select(line => (line.Kept, line.Left, line.Offset)));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_at_any_offset_are_read_to_their_end() =>
        Prop.ForAll(
            Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(),
            Gen.Elements<byte[]>([], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf]).ToArbitrary(),
            Gen.Choose(0, 20).ToArbitrary(),
            (bytes, mark, offset) =>
            {
                byte[] input = [.. mark, .. bytes];
                Frame(input, 5, () => 3, Math.Min(offset, input.Length));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Half_a_unit_that_was_given_as_a_last_line_does_not_shift_what_follows()
    {
        using var framer = new LineFramer(100);
        framer.BeginAt(0, []);
        Feed(framer, "fffe 6100 6200 0a");
        Assert.False(framer.TryTake(out _));
        Assert.True(framer.TryTakeRest(out var rest));
        Assert.Equal("ab\ufffd", Encoding.UTF8.GetString(rest.Bytes));
        Assert.Equal(7, rest.Covered);
        foreach (var isAgain in new[] { false, true })
        {
            if (isAgain)
            {
                framer.BeginAt(7, [0xff, 0xfe, 0x61, 0]);
            }

            Feed(framer, "00 6300 0a00");
            Assert.True(framer.TryTake(out var lines));
            Assert.Equal("c\n", Encoding.UTF8.GetString(lines.Bytes));
            Assert.Equal(5, lines.Covered);
        }
    }

    [Fact]
    public void Forgotten_text_leaves_nothing_to_the_next()
    {
        using var framer = new LineFramer(3);
        foreach (var before in new[] { "fffe 6100 61", "ef", "fffe 3dd8", "61 62 63 64 65", "fffe 6100 6100 6100 6100 6100", "efbbbf" })
        {
            framer.BeginAt(0, []);
            Feed(framer, before);
            _ = framer.Space();
            framer.BeginAt(0, []);
            Feed(framer, "61 62 0a");
            Assert.True(framer.TryTake(out var lines));
            Assert.Equal("ab\n", Encoding.UTF8.GetString(lines.Bytes));
            Assert.Equal((3, 0, 0, 0), (lines.Covered, lines.Left, lines.Lead, lines.Replaced));
        }
    }

    [Fact]
    public void Endless_line_of_utf16_takes_no_more_room_than_buffers()
    {
        using var framer = new LineFramer(1000);
        framer.BeginAt(0, []);
        Feed(framer, "fffe");
        for (var i = 0; i < 200; i++)
        {
            var space = framer.Space();
            Assert.Equal(LineFramer.ReadSize, space.Length);
            space.Fill((byte)'x');
            framer.Advance(space.Length);
            Assert.False(framer.TryTake(out _));
        }

        Assert.True(framer.TryTakeRest(out var rest));
        Assert.Equal(1000, rest.Bytes.Length);
        Assert.Equal((200L * LineFramer.ReadSize) + 2, rest.Covered);
    }

    [Theory]
    [InlineData("", "61 0a 62 0a 63", 0, 4)]
    [InlineData("", "61", 0, -1)]
    [InlineData("fffe", "6100 0a00 6200", 2, 4)]
    [InlineData("fffe", "00 0a00 6200", 3, 3)]
    [InlineData("fffe", "0a 0a0a 000a 00", 3, -1)]
    [InlineData("feff", "0061 000a 0062 00", 2, 4)]
    [InlineData("feff", "000a 0a00 0a0a 0a01", 2, 2)]
    public void End_of_the_last_line_is_found(string mark, string hex, long offset, int expected) =>
        Assert.Equal(expected, ByteOrderMark.Of(Convert.FromHexString(mark)).LastLineEnd(Convert.FromHexString(hex.Replace(" ", "")), offset));

    [Theory]
    [InlineData("61 0a", "a\n")]
    [InlineData("efbbbf 61", "a")]
    [InlineData("fffe 6100 3dd8", "a")]
    [InlineData("feff 0061 000a 61", "a\n")]
    public void Beginning_of_a_text_is_shown_as_text(string hex, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ByteOrderMark.ToText(Convert.FromHexString(hex.Replace(" ", "")))));

    static byte[] Bytes(ushort[] units, bool bigEndian, bool hasHalf)
    {
        var bytes = new byte[(units.Length * 2) + (hasHalf ? 1 : 0)];
        for (var i = 0; i < units.Length; i++)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), units[i]);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), units[i]);
            }
        }

        if (hasHalf)
        {
            bytes[^1] = (byte)'\n';
        }

        return bytes;
    }

    /// <summary>Unit by unit, by the framework's own decoding.</summary>
    static IEnumerable<(string Kept, long Left, long Offset)> Expected(byte[] input, bool bigEndian, int max)
    {
        var start = 2;
        for (var at = 2; at <= input.Length; at += 2)
        {
            var isEnd = at + 1 >= input.Length;
            if (!isEnd && (bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(at))) != '\n')
            {
                continue;
            }

            var text = Encoding.UTF8.GetBytes((bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(input, start, (isEnd ? at & ~1 : at) - start) + (isEnd && input.Length % 2 == 1 ? "\ufffd" : ""));
            if (!isEnd || input.Length > start)
            {
                yield return (Encoding.Latin1.GetString(text.AsSpan(0, Math.Min(max, text.Length))), Math.Max(0, text.Length - max), start == 2 ? 0 : start);
            }

            start = at + 2;
        }
    }

    static void Feed(LineFramer framer, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", ""));
        bytes.CopyTo(framer.Space());
        framer.Advance(bytes.Length);
    }

    static List<Line> Frame(byte[] input, int max, Func<int> nextSize, int from = 0)
    {
        using var framer = new LineFramer(max);
        framer.BeginAt(from, input.AsSpan(0, Math.Min(input.Length, 1024)));
        var lines = new List<Line>();
        var isText = ByteOrderMark.Of(input).Length > 0;
        long covered = from;
        for (var at = from; at < input.Length;)
        {
            var size = Math.Min(nextSize(), input.Length - at);
            input.AsSpan(at, size).CopyTo(framer.Space());
            framer.Advance(size);
            at += size;
            while (framer.TryTake(out var run))
            {
                Add(lines, run, max, covered, isText);
                covered += run.Covered;
            }

            if (at % 3 == 0)
            {
                framer.Trim();
            }
        }

        if (framer.TryTakeRest(out var rest))
        {
            Add(lines, rest, max, covered, isText);
            covered += rest.Covered;
        }

        Assert.Equal(input.Length, covered);
        return lines;
    }

    static void Add(List<Line> lines, FramedLines run, int max, long offset, bool isText)
    {
        Assert.Equal(run.Covered, run.CoveredBy(run.Bytes.Length));
        var replaced = run.Replaced;
        for (var at = 0; at < run.Bytes.Length;)
        {
            var newline = run.Bytes[at..].IndexOf((byte)'\n');
            var line = newline < 0 ? run.Bytes[at..] : run.Bytes.Slice(at, newline);
            var left = (newline < 0 ? run.Left : 0) + Math.Max(0, line.Length - max);
            var kept = line[..Math.Min(max, line.Length)].ToArray();
            var end = at + line.Length + (newline < 0 ? 0 : 1);
            lines.Add(new(kept, left, offset + (at == 0 ? 0 : run.CoveredBy(at)), end == run.Bytes.Length ? replaced : 0, isText));
            at = end;
        }
    }

    sealed record Line(byte[] Bytes, long Left, long Offset, long Replaced, bool IsText)
    {
        public string Kept => Encoding.Latin1.GetString(Bytes);

        /// <summary>Texts without a mark as Latin-1, for their bytes to be seen.</summary>
        public string Shown => (IsText ? Encoding.UTF8.GetString(Bytes) : Kept) + (Left > 0 ? $"({Left})" : "");
    }
}
