using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

/// <summary>The vectors of <see cref="SeparatorSet"/> against the same rule said byte by byte.</summary>
public sealed class SeparatorSetTests
{
    static readonly Func<byte, bool>[] Rules =
    [
        value => " \t,;{}[]()<>=|\"".Contains((char)value, StringComparison.Ordinal),
        value => " \t,;{}[]()<>=|".Contains((char)value, StringComparison.Ordinal),
        value => value is (byte)' ' or (byte)'\t',
        value => "/?&;,()[]{}<>|\"'".Contains((char)value, StringComparison.Ordinal),
        value => "=:.-_+@#%~$*!^\\`".Contains((char)value, StringComparison.Ordinal),
        value => value < 128 && !char.IsAsciiDigit((char)value),
    ];

    [Fact]
    public void Every_set_has_a_rule() => Assert.Equal(Rules.Length, SeparatorSet.Count);

    [Fact]
    public void Each_byte_cuts_where_the_rule_says_so()
    {
        for (var level = 0; level < SeparatorSet.Count; level++)
        {
            for (var value = 0; value <= byte.MaxValue; value++)
            {
                AssertSplit(level, [(byte)'5', (byte)value, (byte)'5'], new(0, 3));
            }
        }
    }

    [Fact]
    public void Values_of_more_places_than_are_cut_end_with_one_token()
    {
        for (var level = 0; level < SeparatorSet.Count; level++)
        {
            var separator = (byte)Enumerable.Range(0, 128).First(value => Rules[level]((byte)value));
            for (var count = SeparatorSet.MaxSeparators - 1; count < 2 * SeparatorSet.MaxTokens; count++)
            {
                var bytes = Enumerable.Range(0, 2 * count).Select(i => i % 2 == 0 ? (byte)'5' : separator).ToArray();
                AssertSplit(level, bytes, new(0, bytes.Length));
                AssertSplit(level, bytes, new(1, bytes.Length - 1));
            }
        }
    }

    /// <summary>What stands before a byte counts across the windows of 64, too.</summary>
    [Fact]
    public void Quotes_escapes_and_times_are_seen_at_every_place()
    {
        for (var shift = 0; shift < 3 * SeparatorSet.Width; shift++)
        {
            var bytes = Encoding.ASCII.GetBytes(new string('5', shift) + "\"a\":1,\"b \\\"c\":\"d e\" 7T8Z Tz: x");
            for (var level = 0; level < SeparatorSet.Count; level++)
            {
                AssertSplit(level, bytes, new(0, bytes.Length));
            }
        }
    }

    [Fact]
    public void Values_are_cut_as_byte_by_byte() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 200)];
            var density = random.Next(1, 40);
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(density) == 0 ? random.Next(4) == 0 ? "\"\"\\: TZ"u8[random.Next(7)] : (byte)random.Next(256) : (byte)('0' + random.Next(10));
            }

            // Values begin anywhere and end near the buffer's end or far from it; both sides of a 32-byte window occur.
            var offset = random.Next(bytes.Length);
            var length = random.Next(2) == 0 ? bytes.Length - offset : random.Next(bytes.Length - offset + 1);
            for (var level = 0; level < SeparatorSet.Count; level++)
            {
                AssertSplit(level, bytes, new(offset, length));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Rows_are_the_same_with_and_without_wide_shuffles() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var half = new byte[16];
            random.NextBytes(half);
            var table = Vector256.Create(Vector128.Create(half), Vector128.Create(half));
            var places = new byte[32];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = (byte)random.Next(16);
            }

            var rows = SeparatorSet.RowsByHalves(table, Vector256.Create(places));
            for (var i = 0; i < places.Length; i++)
            {
                Assert.Equal(half[places[i]], rows[i]);
            }

            if (Avx2.IsSupported)
            {
                Assert.Equal(Avx2.Shuffle(table, Vector256.Create(places)), rows);
            }
        }).QuickCheckThrowOnFailure();

    static void AssertSplit(int level, byte[] bytes, ByteSpan span)
    {
        var expected = new List<int>();
        var separators = new List<byte>();
        var isQuoted = false;
        var wasQuote = false;
        for (var at = span.Offset; at < span.End && expected.Count < SeparatorSet.MaxSeparators; at++)
        {
            var isQuote = level == SeparatorSet.Structure && bytes[at] == '"' && (at == span.Offset || bytes[at - 1] != '\\');
            var isName = level == SeparatorSet.Structure && bytes[at] == ':' && wasQuote && !isQuoted;
            wasQuote = isQuote;
            isQuoted ^= isQuote;
            var isTime = level == SeparatorSet.AtDigits - 1 && bytes[at] is (byte)'T' or (byte)'Z' && at > span.Offset && char.IsAsciiDigit((char)bytes[at - 1]);
            if (isQuote || isName || isTime || (Rules[level](bytes[at]) && !isQuoted))
            {
                expected.Add(at);
                separators.Add(bytes[at]);
            }
        }

        expected.Add(span.End);
        var ends = new int[SeparatorSet.MaxTokens];
        var count = SeparatorSet.Get(level).Split(bytes, span, ends, out var skeleton);
        Assert.Equal(expected, ends[..count]);
        Assert.Equal(expected.Count, skeleton.Tokens);
        Assert.Equal(separators, Enumerable.Range(0, separators.Count).Select(skeleton.Separator));
        AssertFinds(level, bytes, span, expected[..^1]);
    }

    /// <summary>The places are the same beyond those that a skeleton has room for.</summary>
    static void AssertFinds(int level, byte[] bytes, ByteSpan span, List<int> first)
    {
        var places = new ulong[(span.Length + SeparatorSet.Width - 1) / SeparatorSet.Width];
        SeparatorSet.Get(level).Find(bytes, span, places);
        var found = Enumerable.Range(0, places.Length * SeparatorSet.Width).Where(at => (places[at / SeparatorSet.Width] >> at & 1) != 0).Select(at => at + span.Offset).ToList();
        Assert.Equal(first, found.Take(SeparatorSet.MaxSeparators));
        Assert.True(first.Count == SeparatorSet.MaxSeparators || found.Count == first.Count);
    }
}
