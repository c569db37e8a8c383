using System.Text;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;

namespace Puppylog.Tests.Parsing.Multiline;

public sealed class LineJoinTests
{
    [Theory]
    [MemberData(nameof(JoinedLines.Streams), MemberType = typeof(JoinedLines))]
    public void Lines_that_go_on_are_told(string format, string lines)
    {
        foreach (var ending in new[] { "", "\r" })
        {
            var join = LineParsers.Create(format, false).CreateJoin();
            Assert.NotNull(join);
            var actual = new StringBuilder();
            foreach (var line in lines.Split('\n'))
            {
                var bytes = Encoding.UTF8.GetBytes(line[1..] + ending);
                Assert.InRange(join.Channel(bytes), 0, LineJoin.MaxChannels - 1);
                actual.Append(join.Continues(bytes) ? '|' : ' ').Append(line[1..]).Append('\n');
            }

            Assert.Equal(lines + "\n", actual.ToString());
        }
    }

    [Theory]
    [InlineData("combined")]
    [InlineData("clf")]
    [InlineData("syslog")]
    [InlineData("api_requests")]
    [InlineData("pattern:{a} {_msg}")]
    public void Formats_whose_records_are_lines_join_none(string format) => Assert.Null(LineParsers.Create(format, false).CreateJoin());

    [Fact]
    public void Open_quote_and_what_is_said_of_a_message_end_after_the_most_lines()
    {
        foreach (var (format, first, next) in new[] { ("postgresql_csv", "2026-11-21 14:00:05 UTC,,\"", "x"), ("postgresql", "2026-11-21 14:00:05 UTC [1] LOG:  x", "2026-11-21 14:00:05 UTC [1] HINT:  x") })
        {
            var join = LineParsers.Create(format, false).CreateJoin()!;
            Assert.False(join.Continues(Encoding.UTF8.GetBytes(first)));
            for (var i = 1; i < LineJoin.MaxLines; i++)
            {
                Assert.True(join.Continues(Encoding.UTF8.GetBytes(next)));
            }

            Assert.False(join.Continues(Encoding.UTF8.GetBytes(next)));
            Assert.False(join.Continues(Encoding.UTF8.GetBytes(first)));
        }
    }

    [Fact]
    public void Channels_of_a_container_are_its_streams()
    {
        var cri = LineParsers.Create("cri", false).CreateJoin()!;
        Assert.Equal(0, cri.Channel("2026-11-21T14:00:05.1Z stdout F x"u8));
        Assert.Equal(1, cri.Channel("2026-11-21T14:00:05.1Z stderr F x"u8));
        var docker = LineParsers.Create("docker", false).CreateJoin()!;
        Assert.Equal(0, docker.Channel("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-21T14:00:05.1Z\"}"u8));
        Assert.Equal(1, docker.Channel("{\"log\":\"x\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-21T14:00:05.1Z\"}"u8));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("log4j")]
    [InlineData("json")]
    [InlineData("postgresql")]
    public void Record_that_does_not_end_is_ended(string format)
    {
        var join = LineParsers.Create(format, false).CreateJoin()!;
        join.Continues("2026-11-21 14:00:05,123 ERROR [main] a.B: failed"u8);
        var longest = 0;
        for (int i = 0, length = 1; i < 3 * LineJoin.MaxLines; i++)
        {
            length = join.Continues("\tat a.b"u8) ? length + 1 : 1;
            longest = Math.Max(longest, length);
        }

        Assert.Equal(LineJoin.MaxLines, longest);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("log4j")]
    [InlineData("json")]
    [InlineData("cri")]
    [InlineData("docker")]
    [InlineData("postgresql")]
    [InlineData("postgresql_csv")]
    public void First_line_after_a_reset_begins_a_record(string format)
    {
        var join = LineParsers.Create(format, false).CreateJoin()!;
        string[] lines = ["2026-11-21 14:00:05 x", "2026-11-21 14:00:05 UTC [1] LOG:  x", "2026-11-21 14:00:05 UTC [1] HINT:  x", "2026-11-21 14:00:05 UTC,,,\"", "\tindented", "2026-11-21T14:00:05.1Z stdout P x", "{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"2026-11-21T14:00:05.1Z\"}", "goroutine 1 [running]:"];
        foreach (var before in lines)
        {
            foreach (var after in lines)
            {
                join.Continues(Encoding.UTF8.GetBytes(before));
                join.Reset();
                Assert.False(join.Continues(Encoding.UTF8.GetBytes(after)));
            }
        }
    }

    [Theory]
    [InlineData("trace", " one\n|\ttwo\n|Caused by: x\n three")]
    [InlineData("indent", " one\n|\ttwo\n Caused by: x\n|  three\n ")]
    [InlineData("time", " 2026-11-21 14:00:05 one\n|two\n Nov 21 14:00:06 three")]
    [InlineData("start:pattern:{time:timestamp} [", " 2026-11-21 14:00:05 [one\n|2026-11-21 14:00:05 two\n 2026-11-21 14:00:05 [three")]
    [InlineData("start:pattern:BEGIN", " one\n|two\n BEGIN three\n|BE")]
    [InlineData("start:^\\d+$", " 1\n|2x\n 3")]
    [InlineData("continue:pattern:>", " one\n|> two\n three\n|>")]
    [InlineData("continue:\\\\$|ü", " one\n|two\\\n three\n|ü")]
    [InlineData("continue:pattern:{a:int}-", " 1-\n|2-x\n x-\n|3-")]
    public void Own_rules_join(string rule, string lines)
    {
        var join = JoinRule.Parse(rule).Create(new TextParser())!;
        for (var round = 0; round < 2; round++)
        {
            var actual = string.Join('\n', lines.Split('\n').Select(line => (join.Continues(Encoding.UTF8.GetBytes(line[1..] + "\r")) ? "|" : " ") + line[1..]));
            Assert.Equal(lines, actual);
            join.Reset();
        }
    }

    [Theory]
    [InlineData("often", "there is no rule 'often' for records of several lines; known are auto, off, trace, indent, time, start:REGEX, start:pattern:PATTERN, continue:REGEX and continue:pattern:PATTERN")]
    [InlineData("start:pattern:", "the pattern '' is wrong at 1: expected a text or a field")]
    [InlineData("start:pattern:{a", "the pattern '{a' is wrong at 1: expected a } behind {; a brace itself is written {{")]
    [InlineData("continue:(", "the regular expression '(' is wrong: Invalid pattern '(' at offset 1. Not enough )'s.")]
    public void Wrong_rules_are_told(string rule, string message) => Assert.Equal(message, Assert.Throws<ArgumentException>(() => JoinRule.Parse(rule)).Message);

    [Fact]
    public void Rule_off_joins_nothing_and_auto_is_the_formats()
    {
        Assert.Null(JoinRule.Off.Create(new TextParser()));
        Assert.IsType<TimeJoin>(JoinRule.Auto.Create(new TextParser()));
        Assert.Equal(JoinRule.Auto, JoinRule.Parse("auto"));
        Assert.Equal(JoinRule.StartingWith("a"), JoinRule.Parse("start:a"));
        Assert.NotEqual(JoinRule.StartingWith("a"), JoinRule.ContinuingWith("a"));
    }

    /// <summary>A join only answers; whoever joins by its answers keeps every line, in order.</summary>
    [Fact]
    public void No_bytes_make_a_join_throw_and_no_line_is_lost()
    {
        var random = new Random(20261122);
        var seeds = JoinedLines.Streams.SelectMany(row => row.Data.Item2.Split('\n')).Select(line => Encoding.UTF8.GetBytes(line[1..])).ToArray();
        foreach (var format in LineParsers.Names)
        {
            if (LineParsers.Create(format, false).CreateJoin() is not { } join)
            {
                continue;
            }

            for (var round = 0; round < 3000; round++)
            {
                var line = seeds[random.Next(seeds.Length)].ToArray();
                for (var edits = random.Next(3); edits > 0 && line.Length > 0; edits--)
                {
                    line[random.Next(line.Length)] = (byte)random.Next(256);
                }

                var channel = join.Channel(line);
                Assert.InRange(channel, 0, LineJoin.MaxChannels - 1);
                join.Continues(line.AsSpan(0, random.Next(5) == 0 ? random.Next(line.Length + 1) : line.Length));
            }
        }
    }
}
